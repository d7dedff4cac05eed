import { describe, expect, it } from 'vitest';
import type { Parent } from '../../observe/parent.js';
import { readStatus } from '../../status/status.js';
import { bindingOf, handledAfter, readCommands, usedUpAnnotations } from './annotations.js';
import { passes, whyUnused } from './approval.js';

const [APPROVE, PAUSE, ABORT] = ['aibrix.io/rollout-approve', 'aibrix.io/rollout-pause', 'aibrix.io/rollout-abort'];

function parent(annotations: Readonly<Record<string, string>>): Parent {
  const fieldsV1 = { 'f:metadata': { 'f:annotations': { [`f:${APPROVE}`]: {} } } };
  const managedFields = [{ manager: 'kubectl-annotate', operation: 'Update', time: '2026-01-01T00:00:00Z', fieldsV1 }];
  return { name: 'my-app', namespace: 'default', uid: 'u', generation: 1, annotations, managedFields };
}

const memoryOf = (...handledAnnotations: readonly object[]) => readStatus({ handledAnnotations });
const used = (name: string, value?: string) => ({ name, effect: 'done', ...(value !== undefined && { value }) });

describe('a one-shot', () => {
  it.each<[string, string | undefined, object[], boolean]>([
    ['is fresh when it was never seen', 'true', [], true],
    ['is used up with the value that was handled', 'true', [used(APPROVE, 'true')], false],
    ['is fresh again with another value', 'now', [used(APPROVE, 'true')], true],
    ['is fresh again after it was seen absent', 'true', [used(APPROVE)], true],
    ['is not there when it is absent', undefined, [], false],
    ['is not there when it is empty', '', [], false],
    ['is not there when it says false', 'false', [], false],
    ['is not used up by another one', 'true', [used(ABORT, 'true')], true],
  ])('%s', (_, value, handled, fresh) => {
    const { approve } = readCommands(parent(value === undefined ? {} : { [APPROVE]: value }), memoryOf(...handled));
    expect(approve !== undefined).toBe(fresh);
    if (fresh)
      expect(approve).toEqual({ annotation: APPROVE, value, by: 'kubectl-annotate', at: '2026-01-01T00:00:00Z' });
  });

  it('is written as used up, with its effect', () => {
    const present = parent({ [APPROVE]: 'true' });
    const commands = readCommands(present, memoryOf());
    expect(handledAfter(present, memoryOf(), commands, { [APPROVE]: 'passed' })).toEqual([
      { name: APPROVE, value: 'true', effect: 'passed', by: 'kubectl-annotate', at: '2026-01-01T00:00:00Z' },
    ]);
  });

  it.each<[string, Record<string, string>, object]>([
    ['stays used up while it is there', { [APPROVE]: 'true' }, used(APPROVE, 'true')],
    ['may be used again once it is gone', {}, used(APPROVE)],
    ['may be used again once it says false', { [APPROVE]: 'false' }, used(APPROVE)],
  ])('%s', (_, annotations, expected) => {
    const memory = memoryOf(used(APPROVE, 'true'));
    const present = parent(annotations);
    expect(handledAfter(present, memory, readCommands(present, memory), {})).toEqual([expected]);
  });

  it('is taken away once status shows it, and not before', () => {
    const present = parent({ [APPROVE]: 'true', [PAUSE]: 'true', other: 'true' });
    expect(usedUpAnnotations(present, memoryOf())).toEqual([]);
    expect(usedUpAnnotations(present, memoryOf(used(APPROVE, 'true'), used(PAUSE, 'yes')))).toEqual([APPROVE]);
    expect(usedUpAnnotations(present, memoryOf(used(APPROVE, 'true'), used(PAUSE, 'true')))).toEqual([PAUSE, APPROVE]);
  });
});

describe('rollout-pause', () => {
  it('holds while it is there, until an approval has cleared this very value', () => {
    expect(readCommands(parent({ [PAUSE]: 'true' }), memoryOf()).pause).toBe(true);
    expect(readCommands(parent({ [PAUSE]: 'true' }), memoryOf(used(PAUSE, 'true'))).pause).toBe(false);
    expect(readCommands(parent({ [PAUSE]: 'again' }), memoryOf(used(PAUSE, 'true'))).pause).toBe(true);
    expect(readCommands(parent({ [PAUSE]: 'false' }), memoryOf()).pause).toBe(false);
  });
});

describe('an approval', () => {
  it.each([
    ['true', 'any'],
    ['alice', 'any'],
    ['abc:1', { revision: 'abc', step: 1 }],
    ['abc:', { revision: 'abc', step: Number.NaN }],
    [':1', { revision: '', step: 1 }],
    ['abc:1.0', { revision: 'abc', step: Number.NaN }],
    ['abc:-1', { revision: 'abc', step: Number.NaN }],
    ['abc:01', { revision: 'abc', step: Number.NaN }],
    ['12:30:15', { revision: '12:30', step: 15 }],
  ])('%j is addressed to %j', (value, binding) => {
    expect(bindingOf({ annotation: APPROVE, value })).toEqual(binding);
  });

  it.each<[string, boolean, boolean]>([
    ['true', true, true],
    ['true', false, false],
    ['abc:1', true, true],
    ['abc:1', false, true],
    ['abc:2', true, false],
    ['xyz:1', true, false],
    ['abc:', true, false],
    ['abc:01', true, false],
    ['12:30', true, false],
  ])('%s passes abc:1, recorded %s: %s', (value, recorded, passed) => {
    expect(passes({ annotation: APPROVE, value }, { revision: 'abc', step: 1, recorded })).toBe(passed);
  });

  it.each([
    ['true', 'ignored: abc:1 was reached only in this sync; approve it now'],
    ['abc:2', 'ignored: abc:1 is waiting, not abc:2'],
    ['abc:01', 'ignored: abc:1 is waiting, not abc:01'],
    ['abc:', 'ignored: abc:1 is waiting, not abc:'],
  ])('%s that passes nothing says why', (value, why) => {
    expect(whyUnused({ annotation: APPROVE, value }, { revision: 'abc', step: 1, recorded: false })).toBe(why);
  });
});
