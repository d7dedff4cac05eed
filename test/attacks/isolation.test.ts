/**
 * Good StormServices roll out, first alone and then beside a hundred hostile ones, with the same hook: nothing that its
 * neighbors do changes the end, the measurements or the time of a rollout.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Arena, openArena, type Round } from './arena.js';

/** In CI: fewer of each attack and shorter rollouts; nothing is timed, as the machine may be busy. */
const isShort = process.env['ATTACKS'] === 'short';
const SETTINGS = isShort
  ? { services: 4, pace: { pauseSeconds: 1, measurements: 3 }, share: 0.3 }
  : { services: 10, pace: { pauseSeconds: 4, measurements: 6 }, share: 1 };
const MAX_DELAY_MS = 50;
const MAX_RSS_MIB = isShort ? 400 : 300;
/** Seconds that a rollout may take longer, beside one in ten: a sync a second after the last. */
const FLOOR_SECONDS = 1;

const MIB = 1024 * 1024;

let arena: Arena;
let alone: Round;
let attacked: Round;

beforeAll(async () => {
  arena = await openArena(SETTINGS);
  alone = await arena.rollOut('app:2');
  await arena.attack();
  attacked = await arena.rollOut('app:3');
  process.stdout.write(table());
});
afterAll(() => arena?.close());

describe('beside a hundred hostile StormServices', () => {
  it('rollouts end as without them', () => {
    expect(attacked.outcomes.map(({ end }) => end)).toEqual(alone.outcomes.map(({ end }) => end));
    expect(alone.outcomes.every(({ end }) => end.startsWith('Healthy'))).toBe(true);
  });

  it('the same is measured', () => {
    expect(attacked.outcomes.map(({ measurements }) => measurements)).toEqual(
      alone.outcomes.map(({ measurements }) => measurements),
    );
  });

  it.skipIf(isShort)('rollouts take as long as without them', () => {
    expect(median(attacked)).toBeLessThanOrEqual(median(alone) * 1.1 + FLOOR_SECONDS);
    expect(slowest(attacked)).toBeLessThanOrEqual(slowest(alone) * 1.1 + FLOOR_SECONDS);
  });

  it.skipIf(isShort)('the event loop of the hook is never blocked for long', () => {
    expect(attacked.hook.ownMs).toBeLessThan(MAX_DELAY_MS);
  });

  it('the hook stays small', () => {
    expect(attacked.hook.rssBytes / MIB).toBeLessThan(MAX_RSS_MIB);
  });

  it('every attack takes place', () => {
    expect(arena.attackers.filter(({ syncs }) => syncs === 0).map(({ name }) => name)).toEqual([]);
  });
});

function table(): string {
  const rows = [
    ['', 'alone', 'attacked'],
    ['median seconds to the end', median(alone).toFixed(1), median(attacked).toFixed(1)],
    ['slowest', slowest(alone).toFixed(1), slowest(attacked).toFixed(1)],
    ['event loop of the hook, longest delay in ms', ms(alone.hook.delayMs), ms(attacked.hook.delayMs)],
    ['the same without its waits for a processor', ms(alone.hook.ownMs), ms(attacked.hook.ownMs)],
    ['of a process that does nothing', ms(alone.idle.delayMs), ms(attacked.idle.delayMs)],
    ['RSS of the hook in MiB', ms(alone.hook.rssBytes / MIB), ms(attacked.hook.rssBytes / MIB)],
    ['syncs of attackers', '0', String(arena.attackers.reduce((sum, { syncs }) => sum + syncs, 0))],
  ];
  return `${rows.map(([name = '', a = '', b = '']) => name.padEnd(48) + a.padStart(10) + b.padStart(10)).join('\n')}\n`;
}

function ms(value: number): string {
  return value.toFixed(0);
}

function seconds({ outcomes }: Round): readonly number[] {
  return outcomes.map(outcome => outcome.seconds).sort((a, b) => a - b);
}

function median(round: Round): number {
  const all = seconds(round);
  return all[Math.floor(all.length / 2)] ?? 0;
}

function slowest(round: Round): number {
  return seconds(round).at(-1) ?? 0;
}
