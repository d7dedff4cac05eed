/** Text in terminal columns. Colours have no width; each of our characters takes one column. */
import { stripVTControlCharacters } from 'node:util';

export function widthOf(text: string): number {
  return [...stripVTControlCharacters(text)].length;
}

/** Pads with blanks on the right. */
export function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

/** Without colours: truncates to the width. */
export function cut(text: string, width: number): string {
  const letters = [...text];
  return letters.length <= width ? text : `${letters.slice(0, Math.max(0, width - 1)).join('')}…`;
}

/** Without colours: wraps between words. A word that is too long gets a line of its own and overflows. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + 1 + word.length <= width) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** A shell command, wrapped so that it can still be copied as a whole. */
export function wrapCommand(command: string, width: number): readonly string[] {
  const [first = '', ...rest] = wrap(command, width - 4);
  const lines = [`$ ${first}`, ...rest.map(line => `    ${line}`)];
  return lines.map((line, index) => (index < lines.length - 1 ? `${line} \\` : line));
}

/** Two blocks of lines, side by side. */
export function beside(left: readonly string[], right: readonly string[], leftWidth: number): readonly string[] {
  return Array.from({ length: Math.max(left.length, right.length) }, (_, i) => {
    const line = right[i] ?? '';
    return line === '' ? (left[i] ?? '') : pad(left[i] ?? '', leftWidth) + line;
  });
}
