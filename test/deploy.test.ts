/** The manifests of deploy/ and metacontroller/: valid, as strict as promised, and in agreement with each other. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { load, loadAll } from 'js-yaml';
import { Deployment } from 'kubernetes-models/apps/v1';
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1';
import { ClusterRole } from 'kubernetes-models/rbac.authorization.k8s.io/v1';
import { Namespace, Service, ServiceAccount } from 'kubernetes-models/v1';
import { describe, expect, it } from 'vitest';
import { GROUP, STEERING_ANNOTATIONS, STORMSERVICE_LABEL } from '../src/schema/names.js';
import { readConfig } from '../src/server/config.js';
import { flagsIn, imageFlags } from './imageFlags.js';
import { type Manifest, manifests, missingFiles, resourcesOf } from './manifests.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const models: Record<string, new (manifest: Manifest) => { validate(): void }> = {
  ClusterRole,
  Deployment,
  Namespace,
  NetworkPolicy,
  PodDisruptionBudget,
  Service,
  ServiceAccount,
};

const [kustomization] = manifests('deploy/kustomization.yaml');
const labels = kustomization.labels[0].pairs;
const deployed = resourcesOf('deploy/kustomization.yaml');
const find = (kind: string) => deployed.find(({ kind: other }) => other === kind);
const peers = deployed.find(({ metadata }) => metadata.name === 'stormservice-rollouts-peers');
const literals: string[] = kustomization.configMapGenerator[0].literals;
const environment = Object.fromEntries(literals.map(literal => literal.split('=', 2)));
const pod = find('Deployment').spec.template.spec;
const [container] = pod.containers;

describe('deploy/', () => {
  it.each(deployed.map(manifest => [manifest.kind, manifest]))('%s is valid', (kind, manifest) => {
    const Model = models[kind];
    const complete = structuredClone(manifest);
    // As kustomize adds them.
    if (kind === 'Deployment') {
      complete.spec.selector = { matchLabels: labels };
      complete.spec.template.metadata = { labels };
    }
    if (kind === 'Service') complete.spec.selector = labels;
    expect(() => new Model!(complete).validate()).not.toThrow();
  });

  it('keeps one of at least two replicas, and the budget is about them', () => {
    expect(find('Deployment').spec.replicas).toBeGreaterThanOrEqual(2);
    expect(find('PodDisruptionBudget').spec).toMatchObject({ minAvailable: 1, selector: { matchLabels: labels } });
    expect(pod.topologySpreadConstraints[0].labelSelector.matchLabels).toEqual(labels);
  });

  it('runs without rights', () => {
    expect(pod.automountServiceAccountToken).toBe(false);
    expect(find('ServiceAccount').automountServiceAccountToken).toBe(false);
    expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
    expect(pod.securityContext.runAsUser).toBeGreaterThan(0);
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    expect(container.resources.limits.memory).toBeDefined();
  });

  it('has a heap that leaves room for the rest of its memory, by npm start as well', () => {
    const flags = imageFlags();
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    expect(flagsIn(scripts.start.split(' '))).toEqual(flags);
    // Stack traces that are mapped to the source hold up everybody: see the Dockerfile.
    expect(flags).toEqual([expect.stringMatching(/^--max-old-space-size=\d+$/)]);
    const heap = Number(flags[0]?.split('=')[1]);
    expect(container.resources.limits.memory).toBe('512Mi');
    expect(heap).toBeLessThanOrEqual(512 / 4);
  });

  it('is probed where the server answers', () => {
    expect(container.readinessProbe.httpGet.path).toBe('/readyz');
    expect(container.livenessProbe.httpGet.path).toBe('/healthz');
    expect(container.ports).toEqual([{ name: 'http', containerPort: readConfig({}).port }]);
  });

  it('has an environment that the hook accepts, and time to shut down in', () => {
    const config = readConfig(environment);
    const seconds = (config.shutdown.delay + config.shutdown.grace) / 1000;
    expect(seconds).toBeGreaterThan(config.shutdown.grace / 1000);
    expect(pod.terminationGracePeriodSeconds).toBeGreaterThan(seconds);
  });

  it('lets nobody in but Metacontroller and its own replicas', () => {
    const { podSelector, policyTypes, ingress } = find('NetworkPolicy').spec;
    expect({ podSelector, policyTypes }).toEqual({ podSelector: {}, policyTypes: ['Ingress'] });
    expect(ingress).toEqual([
      {
        from: [
          {
            namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'metacontroller' } },
            podSelector: {
              matchExpressions: [expect.objectContaining({ key: 'app.kubernetes.io/name', operator: 'In' })],
            },
          },
        ],
        ports: [{ port: 'http' }],
      },
      // Without a namespaceSelector: in its own namespace.
      { from: [{ podSelector: { matchLabels: labels } }], ports: [{ port: 'http' }] },
    ]);
  });

  it('finds its replicas by a headless Service with the pods that are ready', () => {
    expect(environment['PEERS']).toBe(peers.metadata.name);
    expect(peers.spec).toEqual({
      clusterIP: 'None',
      ports: [{ name: 'http', port: readConfig(environment).port, targetPort: 'http' }],
    });
  });

  it('runs the image of the version that package.json says', () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    expect(kustomization.images).toEqual([expect.objectContaining({ name: container.image, newTag: version })]);
  });
});

describe('metacontroller/', () => {
  const resources = resourcesOf('metacontroller/kustomization.yaml');
  const composite = resources.find(({ kind }) => kind === 'CompositeController');
  const decorators = resources.filter(({ kind }) => kind === 'DecoratorController');
  const parent = { apiVersion: `${GROUP}/v1alpha1`, resource: 'stormservices' };

  it.each(['sync', 'customize'])('calls the Service of deploy/ for %s, in hook version v2', hook => {
    expectHook(composite.spec.hooks[hook], hook);
  });

  it('calls it for decorate too', () => {
    for (const { spec } of decorators) expectHook(spec.hooks.sync, 'decorate');
  });

  function expectHook({ version, webhook }: Manifest, path: string) {
    const { name } = find('Service').metadata;
    expect(version).toBe('v2');
    expect(webhook.url).toBe(`http://${name}.${kustomization.namespace}.svc/${path}`);
    expect(webhook.timeout).toMatch(/^\d+s$/);
  }

  it('knows its children by a label of its own and has no finalize hook', () => {
    expect(composite.spec.generateSelector).toBe(true);
    expect(Object.keys(composite.spec.hooks)).toEqual(['sync', 'customize']);
    for (const { spec } of decorators) expect(Object.keys(spec.hooks)).toEqual(['sync']);
  });

  it('watches core kinds only, and never changes a recorded revision', () => {
    expect(composite.spec.parentResource).toEqual({ ...parent, ignoreStatusChanges: true });
    const methods = composite.spec.childResources.map(({ apiVersion, resource, updateStrategy }: Manifest) => [
      `${apiVersion}/${resource}`,
      updateStrategy.method,
    ]);
    expect(Object.fromEntries(methods)).toEqual({
      'apps/v1/replicasets': 'InPlace',
      'apps/v1/controllerrevisions': 'OnDelete',
      'v1/services': 'InPlace',
    });
  });

  it('calls decorate only for a StormService with a steering annotation', () => {
    const selected = STEERING_ANNOTATIONS.map(key => ({
      ...parent,
      annotationSelector: { matchExpressions: [{ key, operator: 'Exists' }] },
    }));
    expect(decorators.flatMap(({ spec }) => spec.resources)).toEqual(selected);
  });

  it('syncs again before the metrics of a settled StormService expire', () => {
    expect(composite.spec.resyncPeriodSeconds * 1000).toBeLessThan(readConfig({}).metrics.ttl);
  });

  it.each(resources.filter(({ kind }) => kind === 'ClusterRole'))('$metadata.name is a valid role', role => {
    expect(() => new ClusterRole(role).validate()).not.toThrow();
  });

  it('stays small enough for kubectl apply, which copies each object into an annotation', () => {
    for (const resource of resources) expect(JSON.stringify(resource).length).toBeLessThan(262_144);
  });
});

describe('components/pod-metadata', () => {
  const [controller] = manifests('metacontroller/components/pod-metadata/decoratorcontroller.yaml');
  const [role] = manifests('metacontroller/components/pod-metadata/clusterrole.yaml');

  it('sends pods of StormServices to the hook, and their ReplicaSets with them', () => {
    const { resources, hooks } = controller.spec;
    const [base] = manifests('metacontroller/decoratorcontrollers.yaml');
    const url = base.spec.hooks.sync.webhook.url.replace(/\/decorate$/, '');
    expect(resources).toEqual([
      {
        apiVersion: 'v1',
        resource: 'pods',
        labelSelector: { matchExpressions: [{ key: STORMSERVICE_LABEL, operator: 'Exists' }] },
      },
    ]);
    expect(hooks).toMatchObject({
      customize: { version: 'v2', webhook: { url: `${url}/customize-pods` } },
      sync: { version: 'v2', webhook: { url: `${url}/decorate-pods` } },
    });
    expect(Object.keys(hooks).sort()).toEqual(['customize', 'sync']);
  });

  it('has a valid role, which deletes nothing', () => {
    expect(() => new ClusterRole(role).validate()).not.toThrow();
    expect(role.rules.flatMap(({ verbs }: Manifest) => verbs)).not.toContain('delete');
  });
});

describe('components/monitoring', () => {
  it('lets Prometheus reach the port of /metrics, and no other', () => {
    const [{ spec }] = manifests('deploy/components/monitoring/networkpolicy.yaml');
    expect(spec.ingress.flatMap(({ ports }: Manifest) => ports)).toEqual([{ port: 'metrics' }]);
    const [patch] = manifests('deploy/components/monitoring/deployment.yaml');
    const [{ env, ports }] = patch.spec.template.spec.containers;
    const config = readConfig(Object.fromEntries(env.map(({ name, value }: Manifest) => [name, value])));
    expect(ports).toEqual([{ name: 'metrics', containerPort: config.metrics.port }]);
    const [monitor] = manifests('deploy/components/monitoring/servicemonitor.yaml');
    expect(monitor.spec.endpoints).toEqual([expect.objectContaining({ port: 'metrics', path: '/metrics' })]);
  });
});

describe('components/egress', () => {
  it('lets the hook reach DNS, its replicas and metrics systems', () => {
    const [{ spec }] = manifests('deploy/components/egress/networkpolicy.yaml');
    expect({ ...spec, egress: spec.egress.map(({ ports }: Manifest) => ports[0].port) }).toEqual({
      podSelector: {},
      policyTypes: ['Egress'],
      egress: [53, readConfig(environment).port, 9090],
    });
    expect(spec.egress[1].to).toEqual([{ podSelector: { matchLabels: labels } }]);
  });

  it('selects no pod of others by a label that kustomize adds to', () => {
    const [{ spec }] = manifests('deploy/components/egress/networkpolicy.yaml');
    const selectors = spec.egress.flatMap(({ to }: Manifest) =>
      to.map(({ podSelector = {} }: Manifest) => podSelector),
    );
    const matched = selectors.flatMap(({ matchLabels = {} }: Manifest) => Object.keys(matchLabels));
    expect([...new Set(matched)]).toEqual(Object.keys(labels));
  });
});

describe('kustomizations', () => {
  const components = [
    'deploy/components/token',
    'deploy/components/tls',
    'deploy/components/egress',
    'deploy/components/monitoring',
    'metacontroller/components/pod-metadata',
    'metacontroller/components/token',
    'metacontroller/components/tls',
  ];

  it.each(['deploy', 'metacontroller', ...components])('%s names only files that are there', folder => {
    expect(missingFiles(`${folder}/kustomization.yaml`)).toEqual([]);
  });

  const kubectl = (folder: string) => spawnSync('kubectl', ['kustomize', folder], { encoding: 'utf8' });
  const hasKubectl = spawnSync('kubectl', ['version', '--client']).status === 0;

  it.runIf(hasKubectl).each(['deploy', 'metacontroller'])(
    '%s builds with each of its components, and with all',
    folder => {
      const copy = mkdtempSync(join(tmpdir(), 'kustomize-'));
      cpSync(join(root, folder), copy, { recursive: true });
      const base = load(readFileSync(join(copy, 'kustomization.yaml'), 'utf8')) as Manifest;
      const own = components.filter(name => name.startsWith(`${folder}/`)).map(name => name.slice(folder.length + 1));
      for (const chosen of [[], ...own.map(name => [name]), own]) {
        writeFileSync(join(copy, 'kustomization.yaml'), JSON.stringify({ ...base, components: chosen }));
        const { stdout, stderr } = kubectl(copy);
        expect({ chosen, stderr }).toEqual({ chosen, stderr: '' });
        for (const built of loadAll(stdout) as Manifest[]) {
          const Model = models[built.kind];
          if (Model) expect(() => new Model(built).validate()).not.toThrow();
        }
        expectWebhooks(loadAll(stdout) as Manifest[], chosen);
      }
    },
  );

  /** Whatever calls the hook calls it as the components say. */
  function expectWebhooks(built: readonly Manifest[], chosen: readonly string[]) {
    const controllers = built.filter(({ kind }) => kind?.endsWith('Controller'));
    for (const { webhook } of controllers.flatMap(({ spec }) => Object.values<Manifest>(spec.hooks))) {
      expect(webhook.authorization !== undefined).toBe(chosen.includes('components/token'));
      expect(webhook.url.startsWith('https:')).toBe(chosen.includes('components/tls'));
    }
  }
});
