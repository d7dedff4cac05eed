import { readFileSync } from 'node:fs';

/** The flags of Node.js in the CMD of the Dockerfile. */
export function imageFlags(): readonly string[] {
  const [, command = '[]'] = /^CMD (\[.*\])$/m.exec(readFileSync('Dockerfile', 'utf8')) ?? [];
  return flagsIn(JSON.parse(command) as readonly string[]);
}

export function flagsIn(command: readonly string[]): readonly string[] {
  return command.filter(word => word.startsWith('--'));
}
