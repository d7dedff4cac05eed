/** Requests as the hook gets them. */
import type { SyncRequest } from '../../src/metacontroller/hook.js';
import type { Sandbox } from '../../src/sandbox/sandbox.js';
import { healthy, untilPhase, type world } from './world.js';

/** Every request that the hook gets from now on. */
export function requestsOf(sandbox: Sandbox): readonly SyncRequest[] {
  const requests: SyncRequest[] = [];
  sandbox.on(event => {
    if (event.type === 'sync' && event.sync.request) requests.push(event.sync.request);
  });
  return requests;
}

/** A rollout of four pods that waits at its first gate, and what the hook was asked about it last. */
export async function midway(rolloutStrategy: object, options?: Parameters<typeof world>[0]) {
  const sandbox = await healthy({ replicas: 4, rolloutStrategy }, options);
  const requests = requestsOf(sandbox);
  await sandbox.setImage('my-app', 'web', 'app:2');
  await untilPhase(sandbox, 'Paused');
  await sandbox.advance(5);
  const request = requests.at(-1);
  if (request === undefined) throw new Error('the hook was never asked');
  return { sandbox, request };
}
