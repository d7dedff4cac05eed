import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { createHook } from '../../src/hook/hook.js';
import type { ApplyStrategy } from '../../src/metacontroller/hook.js';
import type { KubeObject } from '../../src/metacontroller/object.js';
import { createServer } from '../../src/server/app.js';
import { readConfig } from '../../src/server/config.js';
import { createLogger } from '../../src/server/log.js';
import { createMetrics } from '../../src/server/metrics.js';
import { resourcesOf } from '../manifests.js';
import type { ControlPlane } from './controlPlane.js';
import type { Objects } from './objects.js';
import { answersOk, freePorts, startProgram } from './program.js';

const SERVICE_URL = 'http://stormservice-rollouts.stormservice-rollouts.svc';
const CRD = 'CustomResourceDefinition';

/** Metacontroller and the hook that it calls, on a control plane. */
export async function startMetacontroller(
  plane: ControlPlane,
  objects: Objects,
  path: string,
  applyStrategy: ApplyStrategy,
): Promise<{ stop(): Promise<void> }> {
  const hook = await serveHook(applyStrategy);
  await install(objects, metacontrollerCrds());
  // CRDs come first: what they define can be made only once they are established.
  const manifests: readonly KubeObject[] = [
    ...resourcesOf('metacontroller/kustomization.yaml'),
    ...resourcesOf('metacontroller/components/pod-metadata/kustomization.yaml'),
  ];
  await install(
    objects,
    manifests.filter(({ kind }) => kind === CRD),
  );
  for (const object of manifests.filter(({ kind }) => kind !== CRD)) {
    await objects.apply(watchingRoutes(calling(object, hook.url)));
  }
  const [metrics = 0, health = 0] = await freePorts(2);
  const program = startProgram(
    'metacontroller',
    path,
    [
      `--kubeconfig=${plane.kubeconfig}`,
      `--metrics-address=127.0.0.1:${metrics}`,
      `--health-probe-bind-address=127.0.0.1:${health}`,
      `--apply-strategy=${applyStrategy}`,
      '--discovery-interval=500ms',
      '--client-go-qps=100',
      '--client-go-burst=200',
    ],
    join(plane.folder, `metacontroller-${applyStrategy}.log`),
  );
  await program.ready(() => answersOk(`http://127.0.0.1:${health}/readyz`), 60);
  return {
    async stop() {
      await program.stop();
      await hook.stop();
    },
  };
}

/** The real server on a free port of the loopback interface. */
async function serveHook(applyStrategy: ApplyStrategy) {
  const config = readConfig({ HOST: '127.0.0.1', PORT: '0', LOG_LEVEL: 'warn', APPLY_STRATEGY: applyStrategy });
  const server = createServer({
    hook: createHook({ applyStrategy }, Date.now),
    config,
    logger: createLogger(config.logLevel),
    metrics: createMetrics({ ...config.metrics, now: Date.now, version: 'e2e' }),
  });
  return { url: await server.listen(), stop: () => server.shutdown() };
}

/** The same manifest with the hook where it listens here. */
function calling(object: KubeObject, url: string): KubeObject {
  return JSON.parse(JSON.stringify(object).replaceAll(SERVICE_URL, url));
}

/** As the component nginx adds it. */
function watchingRoutes(object: KubeObject): KubeObject {
  if (object.kind !== 'CompositeController') return object;
  const spec = object['spec'] as { readonly childResources: readonly object[] };
  const ingresses = {
    apiVersion: 'networking.k8s.io/v1',
    resource: 'ingresses',
    updateStrategy: { method: 'InPlace' },
  };
  return { ...object, spec: { ...spec, childResources: [...spec.childResources, ingresses] } };
}

/** Definitions, and the wait until they are served. */
export async function install(objects: Objects, definitions: readonly KubeObject[]): Promise<void> {
  for (const definition of definitions) await objects.apply(definition);
  for (const { metadata } of definitions) await established(objects, metadata.name);
}

async function established(objects: Objects, name: string): Promise<void> {
  for (const deadline = Date.now() + 30_000; Date.now() < deadline; ) {
    const definition = await objects.get('apiextensions.k8s.io/v1', CRD, name);
    const { conditions = [] } = (definition?.['status'] ?? {}) as {
      conditions?: readonly { type: string; status: string }[];
    };
    if (conditions.some(({ type, status }) => type === 'Established' && status === 'True')) return;
    await new Promise(resolve => setTimeout(resolve, 100));
  }
  throw new Error(`the definition ${name} is not established`);
}

/** Metacontroller's own definitions: those that METACONTROLLER_CRDS names, or the least that it can work with. */
function metacontrollerCrds(): readonly KubeObject[] {
  const { METACONTROLLER_CRDS: path } = process.env;
  if (path) return (loadAll(readFileSync(path, 'utf8')) as KubeObject[]).filter(object => object?.kind === CRD);
  return [
    definition('CompositeController', 'Cluster'),
    definition('DecoratorController', 'Cluster'),
    definition('ControllerRevision', 'Namespaced'),
  ];
}

function definition(kind: string, scope: 'Cluster' | 'Namespaced'): KubeObject {
  const group = 'metacontroller.k8s.io';
  const singular = kind.toLowerCase();
  const anything = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: CRD,
    metadata: {
      name: `${singular}s.${group}`,
      // Asked of every definition in a group of Kubernetes' own domain.
      annotations: { 'api-approved.kubernetes.io': 'unapproved, for tests' },
    },
    spec: {
      group,
      scope,
      names: { kind, listKind: `${kind}List`, singular, plural: `${singular}s` },
      versions: [
        {
          name: 'v1alpha1',
          served: true,
          storage: true,
          subresources: { status: {} },
          schema: { openAPIV3Schema: anything },
        },
      ],
    },
  };
}
