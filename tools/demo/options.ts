import { Command, InvalidArgumentError } from 'commander';

export interface Options {
  readonly speed: number;
  readonly plain: boolean;
  readonly interactive: boolean;
  readonly file?: string;
}

/** Reads the command line; prints help or the error and exits in that case. */
export function readOptions(argv: readonly string[]): Options {
  const program = new Command('npm run demo --')
    .description('Rolls out StormServices: the real hook over HTTP, called by an in-memory cluster.')
    .option('-i, --interactive', 'keep a cluster running and take commands from the keyboard', false)
    .option('-f, --file <yaml>', 'roll out your own StormService instead of the samples')
    .option('-s, --speed <factor>', 'cluster seconds per real second', factor, 20)
    .option('-p, --plain', 'one line per change; the default if the output is not a terminal', false);
  return program.parse(argv).opts<Options>();
}

function factor(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= 100)) throw new InvalidArgumentError('It must be a number greater than 0, at most 100.');
  return value;
}
