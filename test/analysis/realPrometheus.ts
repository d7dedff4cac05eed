/** A Prometheus of its own for a test: the binary that is on the PATH (Debian's package, for one). */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const isInstalled = spawnSync('prometheus', ['--version']).status === 0;

/** Says why nothing is tested. */
export function tellIfMissing(test: string): void {
  if (!isInstalled) process.stdout.write(`${test} is skipped: there is no prometheus on the PATH\n`);
}

export interface RealPrometheus {
  readonly port: number;
  /** For files that it reads; gone when it is stopped. */
  readonly directory: string;
  stop(): Promise<void>;
}

export interface PrometheusFiles {
  /** prometheus.yml and what it names, by file name; `directory` is where they are. */
  readonly files: (directory: string) => Readonly<Record<string, string>>;
  readonly flags?: (directory: string) => readonly string[];
}

/** Begins to scrape; nothing waits for the first samples. */
export async function startPrometheus({ files, flags = () => [] }: PrometheusFiles): Promise<RealPrometheus> {
  const directory = mkdtempSync(join(tmpdir(), 'prometheus-'));
  for (const [name, text] of Object.entries(files(directory))) writeFileSync(join(directory, name), text);
  const port = await freePort();
  const child: ChildProcess = spawn(
    'prometheus',
    [
      `--config.file=${directory}/prometheus.yml`,
      `--web.listen-address=127.0.0.1:${port}`,
      `--storage.tsdb.path=${directory}/data`,
      '--log.level=error',
      ...flags(directory),
    ],
    { stdio: 'ignore' },
  );
  return {
    port,
    directory,
    stop: async () => {
      if (child.kill()) await once(child, 'exit');
      rmSync(directory, { recursive: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
