import { describe, expect, it } from 'vitest';
import { type Fault, faultAt } from '../../../src/sandbox/faults.js';
import { annotate, podsByImage, rolloutOf } from '../world.js';
import { atGate } from './atGate.js';

/** Each one-shot, and what it has led to in the end. */
const ONE_SHOTS = [
  ['approve', 'true', { phase: 'Paused', currentStepIndex: 3 }, { 'app:1': 5, 'app:2': 5 }],
  ['abort', 'true', { phase: 'Degraded', currentStepIndex: 0 }, { 'app:1': 10 }],
  ['promote', 'full', { phase: 'Healthy', currentStepIndex: 5 }, { 'app:2': 10 }],
] as const;

describe.each<[string, Fault]>([
  ['without its status', { loseStatus: true }],
  ['twice', { repeat: true }],
  ['by a hook that was just restarted', { restartHook: true }],
  ['seeing old children', { staleChildren: 2 }],
  ['with an answer that nobody hears', { lose: 'answer' }],
  ['by a Metacontroller that dies before the status', { crashAfterWrites: 1 }],
  ['by an API server that refuses all children', { refuse: () => true }],
])('a one-shot whose sync happens %s', (_, fault) => {
  it.each(ONE_SHOTS)('%s is neither lost nor doubled', async (annotation, value, rollout, pods) => {
    for (const decorators of [undefined, []]) {
      let armed = false;
      const faults = (sync: { number: number; parent: string }) => (armed ? faultAt(sync.number, fault)(sync) : {});
      const { sandbox, promises } = await atGate({ options: { ...(decorators && { decorators }), faults } });
      armed = true;
      const off = sandbox.on(event => {
        if (event.type === 'sync') armed = false;
      });
      await annotate(sandbox, annotation, value);
      await sandbox.advance(300);
      off();
      expect(await rolloutOf(sandbox)).toMatchObject(rollout);
      expect(await podsByImage(sandbox)).toEqual(pods);
      expect(promises.broken).toEqual([]);
    }
  });
});
