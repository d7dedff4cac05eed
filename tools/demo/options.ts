import { Command, InvalidArgumentError } from 'commander';

export interface Options {
  readonly speed: number;
  readonly plain: boolean;
  readonly interactive: boolean;
  readonly file?: string;
}

/** Reads the command line; prints help or what is wrong with it, and ends the process then. */
export function readOptions(argv: readonly string[]): Options {
  const program = new Command('npm run demo --')
    .description('Rolls StormServices out: the real hook behind HTTP, and a cluster in memory that calls it.')
    .option('-i, --interactive', 'keep a cluster running and take commands from the keyboard', false)
    .option('-f, --file <yaml>', 'roll your own StormService out instead of the samples')
    .option('-s, --speed <factor>', 'seconds of the cluster, and of the hook, in one second on the wall', factor, 20)
    .option('-p, --plain', 'one line per change, as when the output is no terminal', false);
  return program.parse(argv).opts<Options>();
}

function factor(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= 100)) throw new InvalidArgumentError('It must be a number above 0 and up to 100.');
  return value;
}
