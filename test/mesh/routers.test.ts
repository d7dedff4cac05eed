/** Whole rollouts of every router's sample, with the exact share of requests looked at after every event. */
import { describe, expect, it } from 'vitest';
import { requestTo } from '../../src/sandbox/mesh/request.js';
import { exposureOf, revisionOf, route } from '../../src/sandbox/mesh/route.js';
import { compareShare } from '../../src/sandbox/mesh/significance.js';
import { seededRandom } from '../../src/sandbox/random.js';
import { ABORT_ANNOTATION, PROMOTE_ANNOTATION } from '../../src/schema/names.js';
import { ROUTED_SAMPLES } from './routedSamples.js';
import { WatchedRollout } from './watchedRollout.js';

const NEXT = 'stefanprodan/podinfo:6.7.1';
const REQUESTS = 2000;

const waitsForPerson = ({ phase, pause }: { readonly phase?: string; readonly pause?: { readonly until?: string } }) =>
  phase === 'Paused' && pause?.until === undefined;

async function deployed(sample: string, host: string, options = {}): Promise<WatchedRollout> {
  const rollout = new WatchedRollout(sample, host, options);
  await rollout.deploy();
  expect(await rollout.shareOf('stableRevision')).toBeCloseTo(1);
  await rollout.change(NEXT);
  return rollout;
}

/** Up to the gate at which a fifth of the requests is new. */
async function atTwenty(sample: string, host: string, options = {}): Promise<WatchedRollout> {
  const rollout = await deployed(sample, host, options);
  await rollout.until('it waits at a gate', waitsForPerson);
  if ((await rollout.status()).canaryWeight === 0) {
    await rollout.approve();
    await rollout.until('it waits at 20 %', status => waitsForPerson(status) && status.canaryWeight === 20);
  }
  return rollout;
}

/** Requests one by one, as a proxy would route them. */
async function sampledShare(rollout: WatchedRollout): Promise<number> {
  const random = seededRandom(7);
  const { updatedRevision } = await rollout.status();
  let fresh = 0;
  for (let sent = 0; sent < REQUESTS; sent += 1) {
    const routed = route(rollout.request, rollout.view, random);
    if (routed.outcome !== 'pod') throw new Error(routed.reason);
    if (revisionOf(routed.pod) === updatedRevision) fresh += 1;
  }
  return fresh;
}

describe.each(ROUTED_SAMPLES)('$sample', ({ sample, host }) => {
  it('0, 20, 40, 100: the share at each step is the step, never more, and nothing fails', async () => {
    const rollout = await atTwenty(sample, host);
    expect(await rollout.shareOf('updatedRevision')).toBeCloseTo(0.2);
    expect(compareShare(await sampledShare(rollout), REQUESTS, 0.2)).toBe('as expected');

    await rollout.approve();
    await rollout.until('it waits at 40 %', ({ pause }) => pause?.until !== undefined);
    expect(await rollout.shareOf('updatedRevision')).toBeCloseTo(0.4);
    expect(compareShare(await sampledShare(rollout), REQUESTS, 0.4)).toBe('as expected');

    await rollout.until('it is Healthy', ({ phase }) => phase === 'Healthy');
    await rollout.pass(120);
    expect(await rollout.shareOf('updatedRevision')).toBeCloseTo(1);
    const pods = await rollout.sandbox.pods();
    expect(new Set(pods.map(revisionOf)).size).toBe(1);
    expect(rollout.violations).toEqual([]);
  });

  it('an abort at 20 % sends everything to stable', async () => {
    const rollout = await atTwenty(sample, host);
    await rollout.annotate(ABORT_ANNOTATION, 'true');
    await rollout.until('it is aborted', ({ abort }) => abort !== undefined);
    expect(await rollout.shareOf('stableRevision')).toBeCloseTo(1);
    await rollout.pass(120);
    expect(await rollout.shareOf('stableRevision')).toBeCloseTo(1);
    expect(rollout.violations).toEqual([]);
  });

  it('a mesh whose proxies hear of each change up to 1.5 s late, each in its own time', async () => {
    const random = seededRandom(11);
    const rollout = await atTwenty(sample, host, { propagation: () => 1500 * random(), lagMs: 1500 });
    await rollout.annotate(PROMOTE_ANNOTATION, 'full');
    await rollout.until('it is Healthy', ({ phase }) => phase === 'Healthy');
    await rollout.pass(120);
    expect(await rollout.shareOf('updatedRevision')).toBeCloseTo(1);
    expect(rollout.violations).toEqual([]);
  });
});

it('header routes reach the canary alone, before it has any weight', async () => {
  const rollout = await deployed('canary-istio.yaml', 'my-app');
  await rollout.until('it waits at a gate', waitsForPerson);
  const { stableRevision = '', updatedRevision = '' } = await rollout.status();
  const testers = requestTo('my-app', { headers: { 'x-canary': 'yes' } });
  expect(exposureOf(testers, rollout.view).revisions).toEqual({ [updatedRevision]: 1 });
  expect(rollout.exposure().revisions).toEqual({ [stableRevision]: 1 });
});

it('a mesh that takes longer than every delay is seen to break both promises', async () => {
  let delayMs = 0;
  const rollout = await atTwenty('canary-gateway-api.yaml', 'my-app.example.com', { propagation: () => delayMs });
  expect(rollout.violations).toEqual([]);
  delayMs = 60_000;
  await rollout.annotate(ABORT_ANNOTATION, 'true');
  await rollout.pass(120);
  expect(rollout.violations).toContainEqual(expect.stringMatching(/^P1: 0.2 of 0/));
  expect(rollout.violations).toContainEqual(expect.stringMatching(/^P2: 0.2 fails/));
});

describe('blue-green', () => {
  const atPreview = async () => {
    const rollout = await deployed('blue-green.yaml', 'blue-green');
    await rollout.until('it waits for promotion', waitsForPerson);
    expect(await rollout.shareOf('stableRevision')).toBe(1);
    return rollout;
  };

  it('promoted: all requests at once, and nothing fails', async () => {
    const rollout = await atPreview();
    const preview = requestTo('blue-green-preview');
    const { updatedRevision = '' } = await rollout.status();
    expect(exposureOf(preview, rollout.view)).toMatchObject({ revisions: { [updatedRevision]: 1 }, failing: 0 });
    await rollout.approve();
    await rollout.until('it is Healthy', ({ phase }) => phase === 'Healthy');
    expect(await rollout.shareOf('updatedRevision')).toBeCloseTo(1);
    await rollout.pass(120);
    expect(rollout.violations).toEqual([]);
  });

  it('aborted: nobody has noticed', async () => {
    const rollout = await atPreview();
    await rollout.annotate(ABORT_ANNOTATION, 'true');
    await rollout.until('it is aborted', ({ abort }) => abort !== undefined);
    await rollout.pass(120);
    expect(await rollout.shareOf('stableRevision')).toBeCloseTo(1);
    expect(rollout.violations).toEqual([]);
  });
});
