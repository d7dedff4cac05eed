/**
 * `npm run mutate [-- room…] [-- --accept]`: changes the code of a room, one small change at a time, and reports the
 * changes that no test notices. Takes up to an hour per room. Fails where a score is below tools/mutate/baseline.json;
 * --accept stores a higher one. --near runs only the quick tests, --read only prints the last report again. A mutant that behaves as the code does is listed in tools/mutate/equivalents.json.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { ROOMS, type Room } from './rooms.js';
import { type Equivalent, type Report, type Score, score } from './score.js';

const REPORTS = 'reports/mutate';
const BASELINE = 'tools/mutate/baseline.json';

const wanted = process.argv.slice(2).filter(argument => !argument.startsWith('--'));
const isAccepting = process.argv.includes('--accept');
const isReading = process.argv.includes('--read');
const unknown = wanted.filter(name => !ROOMS.some(room => room.name === name));
if (unknown.length > 0) {
  throw new Error(`no room ${unknown.join(', ')}: choose from ${ROOMS.map(({ name }) => name).join(', ')}`);
}

const equivalents: readonly Equivalent[] = JSON.parse(readFileSync('tools/mutate/equivalents.json', 'utf8'));
const baseline: Record<string, number> = JSON.parse(readFileSync(BASELINE, 'utf8'));
for (const room of ROOMS.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
  const result = score(mutated(room), equivalents);
  print(room, result);
  const before = baseline[room.name] ?? 0;
  if (result.percent < before) process.exitCode = 1;
  if (isAccepting && result.percent > before) baseline[room.name] = result.percent;
}
if (isAccepting) writeFileSync(BASELINE, `${JSON.stringify(baseline, null, 2)}\n`);

/** The near tests meet every mutant, the wide ones those that survived. */
function mutated(room: Room): Report {
  const report = `${REPORTS}/${room.name.replaceAll('/', '-')}.json`;
  mkdirSync(REPORTS, { recursive: true });
  if (!isReading) {
    run(room, room.near, report);
    if (!process.argv.includes('--near')) run(room, [...room.near, ...room.wide], report);
  }
  if (!existsSync(report)) throw new Error(`${report} was not written`);
  return JSON.parse(readFileSync(report, 'utf8'));
}

function run({ name, mutate }: Room, tests: readonly string[], report: string): void {
  const { status } = spawnSync('npx', ['stryker', 'run', 'tools/mutate/stryker.config.mjs'], {
    stdio: 'inherit',
    env: { ...process.env, MUTATE: JSON.stringify({ mutate, tests, report }) },
  });
  if (status !== 0) throw new Error(`StrykerJS failed in ${name}`);
}

function print({ name }: Room, { percent, killed, equivalent, survivors }: Score): void {
  const lines = survivors.map(
    ({ file, line, mutator, code, replacement }) => `${file}:${line} ${mutator}: ${code} → ${replacement}`,
  );
  const total = `${name}: ${percent} % (${killed} killed, ${survivors.length} survived, ${equivalent} equivalent)`;
  process.stdout.write([...lines, total, ''].join('\n'));
}
