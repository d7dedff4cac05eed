import { describe, expect, it } from 'vitest';
import { forService } from '../../../test/rollouts/blueGreenContext.js';
import { contextOf, type Given } from '../../../test/rollouts/context.js';
import { followActive, rootOf, sharedRoot, waitForRoot } from './rootService.js';

/** The root Service is named as the StormService. */
describe('the root Service', () => {
  it.each<[string, Given, Record<string, string>, object | undefined, object | undefined]>([
    ['selects C already', { services: { 'my-app': 'C' } }, { 'my-app': 'C' }, undefined, undefined],
    ['selects S: it follows', { services: { 'my-app': 'S' } }, { 'my-app': 'C' }, undefined, forService('my-app', 'C')],
    [
      'selects S, and C lacks a pod: it stays',
      { services: { 'my-app': 'S' }, pods: { S: 4, C: [4, 3] } },
      { 'my-app': 'S' },
      undefined,
      forService('my-app', 'C'),
    ],
    [
      'selects all pods, since a canary',
      { services: { 'my-app': '*' } },
      { 'my-app': 'C' },
      forService('my-app', 'C'),
      forService('my-app', 'C'),
    ],
    ['does not exist', {}, { 'my-app': 'C' }, undefined, forService('my-app', 'C')],
    ['is not configured', { services: { 'my-app': '*' }, withoutRootService: true }, {}, undefined, undefined],
  ])('%s', (_, given, follows, shared, waits) => {
    const context = contextOf(given);
    expect(rootOf(context)).toBe(given.withoutRootService ? undefined : 'my-app');
    expect(Object.fromEntries(followActive(context, 'C'))).toEqual(follows);
    expect(sharedRoot(context, 'C')).toEqual(shared);
    expect(waitForRoot(context, 'C')).toEqual(waits);
  });
});
