/** What `kubectl apply` is told at once: a real API server, and what the other tests take it for. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { API_VERSION, KIND } from '../../src/schema/names.js';
import { INVALID, LEFT_TO_THE_HOOK } from '../api/invalidSpecs.js';
import { VALID } from '../api/validSpecs.js';
import { manifests, resourcesOf } from '../manifests.js';
import { ApiServerError } from './apiServer.js';
import { type ControlPlane, startControlPlane } from './controlPlane.js';
import { install } from './metacontroller.js';
import { objectsOf } from './objects.js';
import { findBinaries } from './requirements.js';

const PATH = `/apis/${API_VERSION}/namespaces/default/stormservices`;
const binaries = findBinaries();

describe.skipIf(!binaries)('the API server', () => {
  let plane: ControlPlane;

  beforeAll(async () => {
    if (!binaries) return;
    plane = await startControlPlane(binaries);
    const crds = resourcesOf('metacontroller/kustomization.yaml').filter(
      ({ kind }) => kind === 'CustomResourceDefinition',
    );
    await install(objectsOf(plane.api), crds);
  });
  afterAll(() => plane?.stop());

  /** Undefined: accepted. As `kubectl apply --dry-run=server` asks. */
  async function refusal(spec: unknown): Promise<string | undefined> {
    const object = { apiVersion: API_VERSION, kind: KIND, metadata: { name: 'my-app' }, spec };
    try {
      await plane.api.send('POST', `${PATH}?dryRun=All&fieldValidation=Strict`, object);
      return undefined;
    } catch (error) {
      if (error instanceof ApiServerError && error.status < 500) return error.message;
      throw error;
    }
  }

  it('refuses of the invalid specs by itself all that the hook need not', async () => {
    const left: string[] = [];
    for (const [title, raw] of INVALID) if ((await refusal(raw)) === undefined) left.push(title);
    expect(left).toEqual(Object.keys(LEFT_TO_THE_HOOK));
  });

  it.each(VALID)('accepts %s', async (_, raw) => {
    expect(await refusal(raw)).toBeUndefined();
  });

  it('says how to add a template', async () => {
    expect(await refusal({ rolloutStrategy: { canary: { steps: [{ setWeight: 10 }] } } })).toMatch(
      /spec\.template: Required value: template is required: add spec\.template, for example template: \{metadata/,
    );
  });

  it('names the place of a duration that is none', async () => {
    const [sample] = manifests('samples/rollout/canary-basic.yaml');
    const steps = [{ pause: { duration: '30x' } }];
    const spec = { ...sample.spec, rolloutStrategy: { canary: { steps } } };
    expect(await refusal(spec)).toContain('spec.rolloutStrategy.canary.steps[0].pause.duration');
  });
});
