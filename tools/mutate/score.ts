/** Reads a report in the format of mutation testing elements, which StrykerJS writes. */

export interface Report {
  readonly files: Readonly<Record<string, FileReport>>;
}

export interface FileReport {
  readonly source: string;
  readonly mutants: readonly Mutant[];
}

export interface Mutant {
  readonly mutatorName: string;
  readonly replacement?: string;
  readonly status: string;
  readonly location: { readonly start: Point; readonly end: Point };
}

interface Point {
  readonly line: number;
  readonly column: number;
}

/** A mutant that behaves as the code does. It is named by its text, so that lines above it may change. */
export interface Equivalent {
  readonly file: string;
  /** The mutated code, white space collapsed. */
  readonly code: string;
  readonly replacement: string;
  readonly why: string;
}

export interface Survivor {
  readonly file: string;
  readonly line: number;
  readonly mutator: string;
  readonly code: string;
  readonly replacement: string;
}

export interface Score {
  readonly killed: number;
  readonly equivalent: number;
  readonly survivors: readonly Survivor[];
  /** Per cent of all mutants that are not equivalent, rounded down to a tenth. */
  readonly percent: number;
}

const KILLED = ['Killed', 'Timeout', 'RuntimeError'];
const SURVIVED = ['Survived', 'NoCoverage'];

/** Static mutants are ignored: they are neither killed nor survivors. */
export function score(report: Report, equivalents: readonly Equivalent[]): Score {
  const found = Object.entries(report.files).flatMap(([file, { source, mutants }]) =>
    mutants.map(mutant => ({ status: mutant.status, survivor: survivorOf(file, source, mutant) })),
  );
  const killed = found.filter(({ status }) => KILLED.includes(status)).length;
  const alive = found.filter(({ status }) => SURVIVED.includes(status)).map(({ survivor }) => survivor);
  const survivors = alive.filter(survivor => !equivalents.some(equivalent => isSame(equivalent, survivor)));
  return {
    killed,
    equivalent: alive.length - survivors.length,
    survivors,
    percent: Math.floor((1000 * killed) / Math.max(1, killed + survivors.length)) / 10,
  };
}

function isSame(equivalent: Equivalent, survivor: Survivor): boolean {
  return (
    equivalent.file === survivor.file &&
    equivalent.code === survivor.code &&
    equivalent.replacement === survivor.replacement
  );
}

function survivorOf(file: string, source: string, { location, mutatorName, replacement }: Mutant): Survivor {
  return {
    file,
    line: location.start.line,
    mutator: mutatorName,
    code: collapsed(textAt(source, location.start, location.end)),
    replacement: collapsed(replacement ?? ''),
  };
}

/** Lines and columns count from 1. */
function textAt(source: string, start: Point, end: Point): string {
  const lines = source.split('\n').slice(start.line - 1, end.line);
  const last = lines.length - 1;
  lines[last] = (lines[last] ?? '').slice(0, end.column - 1);
  lines[0] = (lines[0] ?? '').slice(start.column - 1);
  return lines.join('\n');
}

const collapsed = (text: string): string => text.replace(/\s+/g, ' ').trim();
