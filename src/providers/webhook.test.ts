import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../schema/json.js';
import type { MeasuredRollout } from './provider.js';
import { webhook } from './webhook.js';

const url = 'http://gate.example/check';
const rollout: MeasuredRollout = { name: 'my-app', namespace: 'shop', revision: 'abc', step: 0, phase: 'Progressing' };

async function sent(spec: JsonObject, about?: MeasuredRollout): Promise<unknown> {
  const query = webhook.query({ url, ...spec });
  const { request } = await query.ask({ now: 0, secrets: {}, ...(about !== undefined && { rollout: about }) });
  return JSON.parse(request.body ?? '');
}

describe('the default body of a webhook', () => {
  it('tells of the rollout', async () => {
    expect(await sent({}, rollout)).toEqual({
      name: 'my-app',
      namespace: 'shop',
      phase: 'Progressing',
      checksum: 'abc',
      revision: 'abc',
      step: 0,
      metadata: {},
    });
  });

  it('has what the metric sets instead', async () => {
    const own = { name: 'other', namespace: 'prod', phase: 'Waiting', metadata: { type: 'smoke' } };
    expect(await sent(own, rollout)).toEqual({ ...own, checksum: 'abc', revision: 'abc', step: 0 });
  });

  it('leaves out a step where there is none', async () => {
    const { step: _, ...withoutStep } = rollout;
    expect(await sent({}, withoutStep)).not.toHaveProperty('step');
  });

  it('is not sent where the metric has a body of its own', async () => {
    expect(await sent({ jsonBody: { load: 10 } }, rollout)).toEqual({ load: 10 });
  });
});
