/**
 * Whole rollouts in real time, by processes of the hook's bundle behind one address: however many there are, each
 * measurement is one query, and status is the same. One of them is killed in the middle.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import type { SyncRequest } from '../../src/metacontroller/hook.js';
import type { KubeObject } from '../../src/metacontroller/object.js';
import { STORM_SERVICE } from '../../src/sandbox/cluster/kinds.js';
import { httpHook } from '../../src/sandbox/metacontroller/httpHook.js';
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox.js';
import { RealClock } from '../../src/sandbox/time/realClock.js';
import { LARGE } from '../../src/server/large/size.js';
import { ranked } from '../../src/server/peers/replica.js';
import { bundleHook } from '../../tools/build/bundle.js';
import { fixture } from '../fixture.js';
import type { RunView } from '../rollouts/analysis/runs.js';
import { type RolloutStatus, stormService } from '../rollouts/world.js';
import { type HookService, type ReplicaProcess, startHookService } from './processes.js';
import { withDueMeasurement } from './requests.js';
import { type SlowTarget, startSlowTarget } from './slowTarget.js';

const NAMES = ['a', 'b', 'c', 'd'];
const MEASUREMENTS = 2;
/** More than replicas: each of them gets a sync while a query is under way. */
const SYNCS_PER_QUERY = 4;
const SECONDS = 100;

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'replicas-'));
  await bundleHook(folder);
});
afterAll(() => rmSync(folder, { recursive: true }));

interface World {
  readonly sandbox: Sandbox;
  readonly target: SlowTarget;
  readonly service: HookService;
}

async function world(replicas: number): Promise<World> {
  const target = await startSlowTarget(SYNCS_PER_QUERY);
  const env = { LOG_LEVEL: 'info', ANALYSIS_ALLOW: '127.0.0.1', ANALYSIS_WAIT: '1s', ANALYSIS_TIMEOUT: `${SECONDS}s` };
  const service = await startHookService({ folder, replicas, env });
  const hook = httpHook({ url: service.url });
  const sandbox = createSandbox({ hook, clock: new RealClock(), startupSeconds: 0.1, terminationSeconds: 0.1 });
  onTestFinished(async () => {
    await sandbox.close();
    await service.close();
    await target.close();
  });
  hurry(sandbox, target);
  return { sandbox, target, service };
}

/** While a query is under way its StormService is synced again and again, and not once per second. */
function hurry(sandbox: Sandbox, target: SlowTarget): void {
  let changes = 0;
  sandbox.on(event => {
    if (event.type !== 'sync') return;
    const name = event.sync.parent.split('/')[1] ?? '';
    if (event.sync.answer !== undefined) target.synced(name);
    if (target.underWay.includes(name)) void sandbox.annotate(name, 'test/changed', String(++changes));
  });
}

function analyzed(name: string, image: string, { address }: SlowTarget): KubeObject {
  const metric = {
    name: 'slow',
    interval: '1s',
    count: MEASUREMENTS,
    successCondition: 'result == 1',
    provider: { web: { url: `${address}/${name}`, jsonPath: '{$.value}', timeoutSeconds: SECONDS } },
  };
  const steps = [{ setWeight: 50 }, { analysis: { metrics: [metric] } }];
  const object = stormService({ replicas: 2, rolloutStrategy: { canary: { steps } } }, image);
  return { ...object, metadata: { ...object.metadata, name } };
}

async function rollOut({ sandbox, target }: World, during: () => Promise<void> = async () => undefined) {
  for (const name of NAMES) await sandbox.apply(analyzed(name, 'app:1', target));
  await sandbox.eventually('the first version runs', async () => promoted(sandbox).length === NAMES.length, SECONDS);
  const first = promoted(sandbox);
  for (const name of NAMES) await sandbox.setImage(name, 'web', 'app:2');
  await during();
  const isPromoted = async () =>
    promoted(sandbox).filter(revision => !first.includes(revision)).length === NAMES.length;
  await sandbox.eventually('the second version runs', isPromoted, SECONDS);
}

/** Stable revisions of those that are Healthy, with nothing left to write to status. */
function promoted(sandbox: Sandbox): readonly string[] {
  return NAMES.flatMap(name => {
    const { rolloutStatus: { phase, stableRevision = '' } = {}, analysisRuns = [] } = statusOf(sandbox, name);
    return phase === 'Healthy' && analysisRuns.every(({ past }) => past) ? [stableRevision] : [];
  });
}

interface Status {
  readonly rolloutStatus?: RolloutStatus;
  readonly analysisRuns?: readonly RunView[];
}

function statusOf(sandbox: Sandbox, name: string): Status {
  return (sandbox.cluster.get(STORM_SERVICE, `default/${name}`)?.['status'] ?? {}) as Status;
}

/** All of it but times and the address of the target. */
function comparable({ sandbox, target }: World): unknown {
  const text = JSON.stringify(NAMES.map(name => statusOf(sandbox, name)))
    .replaceAll(target.address, 'http://target')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'a time')
    .replaceAll(/"(resolved|stepsHash)":"\w+"/g, '"$1":"a hash of the address"')
    .replaceAll(/("id":"step-\w+-\d+)-\d+"/g, '$1-a time"');
  return JSON.parse(text);
}

const perService = (target: SlowTarget) => NAMES.map(name => target.received.filter(each => each === name).length);

it('three replicas make the queries of one, and come to the same status', async () => {
  const [one, three] = await Promise.all([world(1), world(3)]);
  await Promise.all([rollOut(one), rollOut(three)]);
  expect(perService(one.target)).toEqual(NAMES.map(() => MEASUREMENTS));
  expect(perService(three.target)).toEqual(NAMES.map(() => MEASUREMENTS));
  expect(comparable(three)).toEqual(comparable(one));
});

it('one of three is killed while queries are under way: those are made once more, and no other', async () => {
  const killing = await world(3);
  const { sandbox, target, service } = killing;
  let victims: readonly string[] = [];
  await rollOut(killing, async () => {
    await sandbox.eventually('a query is under way', async () => target.underWay.length > 0, SECONDS);
    const victim = responsibleFor(target.underWay[0]!, killing);
    victims = NAMES.filter(name => responsibleFor(name, killing) === victim);
    service.remove(victim);
    await victim.kill();
    await sandbox.eventually('its queries are abandoned', async () => target.abandoned.length > 0, SECONDS);
  });
  const made = perService(target);
  for (const [index, name] of NAMES.entries()) {
    const lost = target.abandoned.filter(each => each === name).length;
    // An answer may have been lost with the process too.
    expect(made[index]).toBeGreaterThanOrEqual(MEASUREMENTS + lost);
    expect(made[index]).toBeLessThanOrEqual(MEASUREMENTS + (victims.includes(name) ? 1 : 0));
  }
});

function responsibleFor(name: string, { sandbox, service }: World): ReplicaProcess {
  const uid = sandbox.cluster.get(STORM_SERVICE, `default/${name}`)?.metadata.uid ?? '';
  const found = service.replicas.map(({ port }) => ({ address: '127.0.0.1', port, own: false }));
  const [first] = ranked(uid, found);
  return service.replicas.find(({ port }) => port === first?.port)!;
}

it('a large sync is measured once too', async () => {
  const target = await startSlowTarget(Number.POSITIVE_INFINITY);
  const env = { ANALYSIS_ALLOW: '127.0.0.1', ANALYSIS_WAIT: '3s', ANALYSIS_TIMEOUT: `${SECONDS}s` };
  const service = await startHookService({ folder, replicas: 3, env });
  onTestFinished(async () => {
    await service.close();
    await target.close();
  });
  // The thread of a replica takes a while to start, on a machine under load longer than others wait.
  for (const replica of service.replicas) {
    while ((await sendLarge(replica, fixture('sync-stable'))).status !== 200);
  }
  for (const replica of service.replicas) {
    const response = await sendLarge(replica, withDueMeasurement('a', { url: `${target.address}/large` }));
    expect([response.status, await response.json()]).toMatchObject([200, { children: expect.any(Array) }]);
  }
  expect(target.received).toEqual(['large']);
});

function sendLarge({ port }: ReplicaProcess, request: SyncRequest): Promise<Response> {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ ...request, padding: 'x'.repeat(LARGE) });
  return fetch(`http://127.0.0.1:${port}/sync`, { method: 'POST', headers, body });
}
