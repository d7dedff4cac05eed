/** A sandbox with a fake hook, and what tests ask of it. */
import { STORM_SERVICE } from '../src/sandbox/cluster/kinds.js';
import { createSandbox, type Sandbox, type SandboxOptions } from '../src/sandbox/sandbox.js';
import { fakeHook, stormService } from './fakeHook.js';

/** my-app with the children of the fake hook, all of them there. */
export async function startedSandbox(options: Partial<SandboxOptions> = {}, hook = fakeHook()) {
  const sandbox = createSandbox({ hook, decorators: [], ...options });
  await sandbox.apply(stormService());
  await sandbox.advance(30);
  return { sandbox, hook };
}

/** Status of my-app. */
export const statusOf = async (sandbox: Sandbox) => (await sandbox.get(STORM_SERVICE, 'my-app'))?.['status'];

/** What went wrong in each sync that failed, in order. */
export const failures = (sandbox: Sandbox) =>
  sandbox.log.events.flatMap(event => (event.type === 'sync' ? (event.sync.failure?.message ?? []) : []));
