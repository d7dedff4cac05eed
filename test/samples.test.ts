/** Every YAML in samples/: what the API server and the hook accept, and what rolls out. */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe as describeTests, expect, it } from 'vitest';
import { checkObject } from '../src/api/checkObject.js';
import { customResourceDefinitions } from '../src/api/crd.js';
import { readSpec } from '../src/api/readSpec.js';
import type { Spec } from '../src/api/spec.js';
import type { KubeObject } from '../src/metacontroller/object.js';
import { routerFor } from '../src/routers/routers.js';
import { CORE_CHILDREN, type Sandbox } from '../src/sandbox/sandbox.js';
import type { Json } from '../src/schema/json.js';
import { API_VERSION, APPROVE_ANNOTATION, KIND, REVISION_LABEL } from '../src/schema/names.js';
import { type Node, schemaOf } from './api/crds.js';
import { serverChecker } from './api/server.js';
import { manifests } from './manifests.js';
import { measured } from './rollouts/analysis/measured.js';
import { type RolloutStatus, world } from './rollouts/world.js';

const folder = fileURLToPath(new URL('../samples', import.meta.url));
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter(file => /\.ya?ml$/.test(file))
  .sort();
const objects: readonly (readonly [string, KubeObject])[] = files.flatMap(file =>
  manifests(`samples/${file}`).map((object): [string, KubeObject] => [`${file} ${object.kind}`, object]),
);
const ours = objects.filter(([, { apiVersion }]) => apiVersion === API_VERSION);
const stormServices = ours.filter(([, { kind }]) => kind === KIND);
const STORM_SERVICE = `${KIND}.${API_VERSION}`;

const crds = new Map(
  customResourceDefinitions().map(crd => {
    const schema = schemaOf(crd);
    return [String((crd.spec['names'] as Node)['kind']), serverChecker(schema)];
  }),
);

function specOf({ metadata, spec }: KubeObject & { readonly spec?: unknown }): Spec {
  const result = readSpec(spec, { name: metadata.name, namespace: 'default', applyStrategy: 'dynamic-apply' });
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.value;
}

/** What each metric of the samples says of a version. */
const numbers: Readonly<Record<string, { readonly good: Json; readonly bad: Json }>> = {
  'success-rate': { good: [0.99], bad: [0.5] },
  latency: { good: [0.2], bad: [3] },
  endpoint: { good: { status: 200 }, bad: { status: 503 } },
  errors: { good: [0.01], bad: [0.5] },
  'version-answers': { good: '6.7.1', bad: 'no such page' },
  'error-rate': { good: 0.001, bad: 0.2 },
  answers: {
    good: { requests: 118, failures: 2, successRate: 0.9831 },
    bad: { requests: 118, failures: 118, successRate: 0 },
  },
};

function isMeasured({ strategy }: Spec): boolean {
  if (strategy.autoRollback?.healthChecks.length) return true;
  switch (strategy.type) {
    case 'RollingUpdate':
      return false;
    case 'BlueGreen':
      return strategy.prePromotionAnalysis !== undefined || strategy.postPromotionAnalysis !== undefined;
    case 'Canary':
      return strategy.analysis !== undefined || strategy.steps.some(({ action }) => action === 'analysis');
    default:
      return strategy satisfies never;
  }
}

/** A sandbox with everything that the file holds, and what its routers need watched; the first version is Healthy. */
async function deployedFile(file: string, version: 'good' | 'bad') {
  const all: readonly KubeObject[] = manifests(`samples/${file}`).map(inDefault);
  const object = all.find(({ kind }) => kind === KIND)!;
  const { strategy } = specOf(object);
  const routers = strategy.type === 'Canary' ? (strategy.trafficRouting?.routers ?? []) : [];
  const kinds = new Set(routers.flatMap(spec => [...routerFor(spec).kinds(spec.config)]));
  const childKinds = [...CORE_CHILDREN, ...[...kinds].map(kind => ({ kind, method: 'InPlace' as const }))];
  const world = measured(({ metric }) => numbers[metric]?.[version], { childKinds });
  for (const each of all) await world.sandbox.apply(each);
  const { sandbox } = world;
  const { name } = object.metadata;
  const phase = async () => (await rolloutOf(sandbox, name)).rollout.phase;
  await sandbox.eventually('the first version is Healthy', async () => (await phase()) === 'Healthy');
  await sandbox.advance(10);
  return { ...world, object, name };
}

/** As `kubectl apply` would write it. */
function inDefault(object: KubeObject): KubeObject {
  const { stringData, ...rest } = object as KubeObject & { readonly stringData?: Readonly<Record<string, string>> };
  const encoded = Object.entries(stringData ?? {}).map(([key, value]) => [key, Buffer.from(value).toString('base64')]);
  const data = stringData ? { data: Object.fromEntries(encoded) } : {};
  return { ...rest, ...data, metadata: { namespace: 'default', ...object.metadata } };
}

it('there are samples', () => {
  expect(files).toEqual(
    expect.arrayContaining(
      ['blue-green', 'canary-basic', 'canary-by-duration', 'multi-role', 'rolling-update'].map(
        name => `rollout/${name}.yaml`,
      ),
    ),
  );
});

describeTests('valid', () => {
  it.each(ours)('%s passes the CRD: types, unknown fields, rules', (_, object) => {
    expect(crds.get(object.kind)?.(object)).toEqual([]);
  });

  it.each(ours)('%s passes the hook, under both apply strategies', (_, object) => {
    expect(checkObject(object, 'dynamic-apply')).toEqual([]);
    expect(checkObject(object, 'server-side-apply')).toEqual([]);
  });

  it('and what is not is seen', () => {
    const [, sample] = stormServices[0]!;
    const refusedByServer = crds.get(KIND)!;
    const broken = { ...sample, spec: { ...(sample['spec'] as object), replica: 1 } };
    expect(refusedByServer(broken)).toEqual([expect.stringContaining('replica')]);
    expect(refusedByServer({ ...sample, spec: { replicas: 'many' } })).not.toEqual([]);
  });
});

const rollouts = files.filter(file => file.startsWith('rollout/'));
const measuredRollouts = rollouts.filter(file => {
  const [object] = manifests(`samples/${file}`).filter(({ kind }) => kind === KIND);
  return isMeasured(specOf(object));
});

describeTests('rolled out in the sandbox', () => {
  it.each(rollouts)('%s gets Healthy through all of its steps', async file => {
    const { sandbox, object, name } = await deployedFile(file, 'good');
    const rollout = async () => (await rolloutOf(sandbox, name)).rollout;
    const { stableRevision: first } = await rollout();

    await sandbox.apply(withAnotherImage(object));
    const steps = new Set<string>();
    let approvals = 0;
    await sandbox.eventually(
      'the second version is Healthy',
      async () => {
        const { rollout, annotations } = await rolloutOf(sandbox, name);
        if (rollout.step !== undefined && rollout.updatedRevision !== first) steps.add(rollout.step);
        if (waitsForPerson(rollout) && annotations[APPROVE_ANNOTATION] === undefined) {
          approvals += 1;
          await sandbox.annotate(name, APPROVE_ANNOTATION, `${rollout.updatedRevision}:${rollout.currentStepIndex}`);
        }
        return rollout.phase === 'Healthy' && rollout.updatedRevision !== first;
      },
      3600,
    );

    const { stableRevision, updatedRevision } = await rollout();
    expect(stableRevision).toBe(updatedRevision);
    const pauses = pausesOf(specOf(object));
    expect([...steps].filter(step => step.includes('pause'))).toHaveLength(pauses.length);
    expect(approvals).toBe(pauses.filter(seconds => seconds === null).length);
  });

  it('those that measure are among them', () => {
    expect(measuredRollouts).toEqual(
      [
        'auto-rollback-health-checks',
        'blue-green-analysis',
        'canary-analysis',
        'canary-datadog',
        'canary-web-analysis',
      ].map(name => `rollout/${name}.yaml`),
    );
  });

  it.each(measuredRollouts)('%s takes a bad version back, and says why', async file => {
    const { sandbox, object, name } = await deployedFile(file, 'bad');
    const { stableRevision: first } = (await rolloutOf(sandbox, name)).rollout;
    await sandbox.apply(withAnotherImage(object));
    const phase = async () => (await rolloutOf(sandbox, name)).rollout.phase;
    await sandbox.eventually('it is rolled back', async () => (await phase()) === 'Degraded', 3600);
    const { rollout } = await rolloutOf(sandbox, name);
    expect(rollout['abort']).toMatchObject({
      reason: file.includes('health-checks') ? 'HealthCheckFailed' : 'AnalysisFailed',
      message: expect.stringMatching(/^metric ".+" Failed: .*last value/),
    });
    expect(rollout.message).toContain('aibrix.io/rollout-retry');
    await sandbox.advance(120);
    const running = (await sandbox.pods()).map(({ labels }) => labels[REVISION_LABEL]);
    expect(running).toEqual(Array(specOf(object).replicas).fill(first));
  });
});

describeTests('docs/samples.md says what happens', () => {
  const sampleOf = (name: string): KubeObject => {
    const [, object] = stormServices.find(([, { metadata }]) => metadata.name === name)!;
    return { ...object, metadata: { namespace: 'default', ...object.metadata } };
  };
  const deployed = async (name: string) => {
    const sandbox = world();
    const object = sampleOf(name);
    const rollout = async () => (await rolloutOf(sandbox, name)).rollout;
    const phase = (phase: string) => sandbox.eventually(phase, async () => (await rollout()).phase === phase);
    await sandbox.apply(object);
    await phase('Healthy');
    return { sandbox, object, rollout, phase };
  };

  it('canary-by-duration rolls back a version that does not become ready, and stable keeps all of its pods', async () => {
    const { sandbox, object, rollout, phase } = await deployed('canary-by-duration');
    await sandbox.setImage('canary-by-duration', 'web', 'podinfo:bad');
    const serving = async () => (await sandbox.endpoints('canary-by-duration')).length;
    await sandbox.always('five pods serve', async () => (await serving()) === 5, 110);
    expect((await rollout()).phase).toBe('Progressing');
    await phase('Degraded');
    expect((await rollout())['abort']).toMatchObject({ reason: 'ProgressDeadlineExceeded' });
    expect(await serving()).toBe(specOf(object).replicas);
  });

  it('blue-green goes back at once, without a pause, while the old pods are there', async () => {
    const { sandbox, object, rollout, phase } = await deployed('blue-green');
    const { stableRevision: first } = await rollout();
    await sandbox.apply(withAnotherImage(object));
    await phase('Paused');
    await sandbox.annotate('blue-green', APPROVE_ANNOTATION, 'true');
    await phase('Healthy');
    await sandbox.advance(10);
    await sandbox.apply(object);
    const wasPaused: boolean[] = [];
    await sandbox.eventually(
      'the first version is back',
      async () => {
        const { phase, stableRevision } = await rollout();
        wasPaused.push(phase === 'Paused');
        return phase === 'Healthy' && stableRevision === first;
      },
      5,
    );
    expect(wasPaused).not.toContain(true);
  });
});

async function rolloutOf(sandbox: Sandbox, name: string) {
  const object = await sandbox.get(STORM_SERVICE, name);
  const status = (object?.['status'] ?? {}) as { readonly rolloutStatus?: RolloutStatus };
  return { rollout: status.rolloutStatus ?? ({} as RolloutStatus), annotations: object?.metadata.annotations ?? {} };
}

function waitsForPerson({ phase, pause }: RolloutStatus): boolean {
  return phase === 'Paused' && (pause as { readonly until?: string } | undefined)?.until === undefined;
}

/** Seconds of each pause, null until approved. */
function pausesOf({ strategy }: Spec): readonly (number | null)[] {
  switch (strategy.type) {
    case 'Canary':
      return strategy.steps.flatMap(step => (step.action === 'pause' ? [step.seconds] : []));
    case 'BlueGreen':
      return strategy.autoPromotionEnabled ? [] : [null];
    case 'RollingUpdate':
      return [];
    default:
      return strategy satisfies never;
  }
}

/** The same file with a newer image, as `sed` and `kubectl apply` would bring it. */
function withAnotherImage(object: KubeObject): KubeObject {
  return JSON.parse(JSON.stringify(object).replace(/"image":"([^"]+)"/g, '"image":"$1-next"'));
}
