import { describe, expect, it } from 'vitest';
import { childrenOf, fakeHook, stormService } from '../../../test/fakeHook.js';
import { STORM_SERVICE } from '../cluster/kinds.js';
import { createSandbox, type SandboxOptions } from '../sandbox.js';

const APPROVE = 'aibrix.io/rollout-approve';

/** A hook that notes an approval in status and lets decorate remove what status has noted. */
function approving() {
  const hook = fakeHook(({ parent }) => {
    const handled = parent.metadata.annotations?.[APPROVE] ?? (parent['status'] as { handled?: string })?.handled;
    return { status: { ...(handled !== undefined && { handled }) }, children: childrenOf(parent) };
  });
  hook.decorate = async ({ object }) => {
    const handled = (object['status'] as { handled?: string } | undefined)?.handled;
    const used = handled !== undefined && handled === object.metadata.annotations?.[APPROVE];
    return { annotations: used ? { [APPROVE]: null } : {}, attachments: [] };
  };
  return hook;
}

async function started(decorators: SandboxOptions['decorators']) {
  const sandbox = createSandbox({ hook: approving(), ...(decorators !== undefined && { decorators }) });
  await sandbox.apply(stormService());
  await sandbox.advance(30);
  const annotations = async () => (await sandbox.get(STORM_SERVICE, 'my-app'))?.metadata.annotations ?? {};
  return { sandbox, annotations };
}

describe('decorator', () => {
  it('removes a handled annotation within 100 ms, and only that', async () => {
    const { sandbox, annotations } = await started([APPROVE]);
    await sandbox.annotate('my-app', 'mine', 'stays');
    await sandbox.annotate('my-app', APPROVE, 'yes');
    expect(await sandbox.runUntil(async () => !(APPROVE in (await annotations())), 0.1)).toBe(true);
    expect(await annotations()).toMatchObject({ mine: 'stays' });
    const writes = sandbox.writes.total;
    await sandbox.advance(60);
    expect(sandbox.writes.total).toBe(writes);
    expect(sandbox.writes.byKind).toMatchObject({ annotations: 1 });
  });

  it('keeps spec, status and generation', async () => {
    const { sandbox } = await started(undefined);
    const before = await sandbox.get(STORM_SERVICE, 'my-app');
    await sandbox.annotate('my-app', APPROVE, 'yes');
    await sandbox.advance(1);
    const after = await sandbox.get(STORM_SERVICE, 'my-app');
    expect(after?.['spec']).toEqual(before?.['spec']);
    expect(after?.metadata.generation).toBe(before?.metadata.generation);
    expect(after?.['status']).toMatchObject({ handled: 'yes' });
  });

  it('is not there when it is switched off, and looks at nothing without its annotation', async () => {
    const off = await started([]);
    await off.sandbox.annotate('my-app', APPROVE, 'yes');
    await off.sandbox.advance(10);
    expect(await off.annotations()).toHaveProperty([APPROVE]);
    const elsewhere = await started(['something-else']);
    await elsewhere.sandbox.annotate('my-app', APPROVE, 'yes');
    await elsewhere.sandbox.advance(10);
    expect(await elsewhere.annotations()).toHaveProperty([APPROVE]);
  });
});
