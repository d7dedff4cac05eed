import { afterEach, describe, expect, it } from 'vitest';
import { Recorder } from './recorder.js';
import { Telemetry } from './telemetry.js';

let telemetry: Telemetry | undefined;
afterEach(() => telemetry?.close());

/** Telemetry of two loads, and the way to ask it. */
async function listening() {
  let now = 1_000_000;
  const recorders = [new Recorder(() => now), new Recorder(() => now)] as const;
  telemetry = new Telemetry(() => now);
  for (const recorder of recorders) telemetry.follow(recorder);
  const url = await telemetry.listen();
  return {
    recorders,
    pass: (seconds: number) => {
      now += seconds * 1000;
    },
    ask: async (query: string) => {
      const answer = await fetch(`${url}${query}`);
      return { code: answer.status, body: await answer.json() };
    },
  };
}

function answerMany(recorder: Recorder, revision: string, times: number, code = 200): void {
  for (let i = 0; i < times; i += 1) recorder.begin()({ code, revision });
}

describe('Telemetry', () => {
  it('tells how one revision fares, whoever sends the requests', async () => {
    const { recorders, ask } = await listening();
    const [first, second] = recorders;
    answerMany(first, 'new', 2);
    answerMany(second, 'new', 1, 500);
    answerMany(first, 'old', 40);
    first.begin()({ code: 503 });
    const body = { requests: 3, failures: 1, successRate: 0.6667 };
    expect(await ask('/traffic?revision=new&seconds=10')).toEqual({ code: 200, body });
    expect(await ask('/traffic?revision=old')).toMatchObject({ body: { requests: 40, failures: 0, successRate: 1 } });
  });

  it('forgets what is longer ago', async () => {
    const { recorders, ask, pass } = await listening();
    answerMany(recorders[0], 'new', 2, 500);
    pass(20);
    answerMany(recorders[0], 'new', 5);
    expect(await ask('/traffic?revision=new&seconds=10')).toMatchObject({ body: { requests: 5, failures: 0 } });
    expect(await ask('/traffic?revision=new&seconds=30')).toMatchObject({ body: { requests: 7, failures: 2 } });
  });

  it('has no rate of no requests', async () => {
    const { ask } = await listening();
    expect(await ask('/traffic?revision=new')).toMatchObject({ body: { requests: 0, failures: 0, successRate: null } });
  });

  it.each([
    ['/traffic', 400],
    ['/traffic?revision=new&seconds=soon', 400],
    ['/', 404],
  ])('%s: %i', async (query, code) => {
    expect(await (await listening()).ask(query)).toMatchObject({ code, body: { error: expect.any(String) } });
  });
});
