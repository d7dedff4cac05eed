import { expect, test } from 'vitest';
import { read } from '../../../test/api/read.js';
import { problemsOf, type Row, testRefused } from '../../../test/api/refused.js';
import { container, context, type Raw, role, spec, template } from '../../../test/api/specs.js';
import { readSpec } from '../readSpec.js';

const CONTAINER = 'spec.template.spec.containers[0]';

function podSpec(patch: Raw): Raw {
  return spec({ template: template(patch) });
}

function one(patch: Raw): Raw {
  return podSpec({ containers: [container(patch)] });
}

const rows: readonly Row[] = [
  [
    'neither containers nor roles',
    spec({ template: { spec: {} } }),
    'spec.template.spec',
    'containers or roles is required',
    'roles',
  ],
  [
    'containers and roles',
    spec({ template: { spec: { containers: [container()], roles: [role()] } } }),
    'spec.template.spec',
    'mutually exclusive',
    'several',
  ],
  [
    'no containers in the list',
    podSpec({ containers: [] }),
    'spec.template.spec.containers',
    'at least one container is required',
    'with name and image',
  ],
  ['a typo in a container', one({ prots: [] }), `${CONTAINER}.prots`, 'prots', 'did you mean ports'],
  [
    'a typo deep in a container',
    one({ resources: { limit: {} } }),
    `${CONTAINER}.resources.limit`,
    'limit',
    'did you mean limits',
  ],
  [
    'a typo in the pod spec',
    podSpec({ terminationGraceSeconds: 1 }),
    'spec.template.spec.terminationGraceSeconds',
    'unknown field',
    'did you mean terminationGracePeriodSeconds',
  ],
  [
    'a field of a container in the pod spec',
    podSpec({ image: 'nginx' }),
    'spec.template.spec.image',
    'unknown field',
    'remove',
  ],
  [
    'a field that stands one level too high',
    one({ runAsUser: 1000 }),
    `${CONTAINER}.runAsUser`,
    'unknown field',
    'remove',
  ],
  [
    'a container without a name',
    podSpec({ containers: [{ image: 'nginx' }] }),
    `${CONTAINER}.name`,
    'required',
    'add name',
  ],
  [
    'a container without an image',
    podSpec({ containers: [{ name: 'web' }] }),
    `${CONTAINER}.image`,
    'image is required',
    'nginx',
  ],
  ['a container name with capitals', one({ name: 'Web' }), `${CONTAINER}.name`, '"Web"', 'lowercase'],
  [
    'two containers of one name',
    podSpec({ containers: [container(), container({ ports: [] })] }),
    'spec.template.spec.containers[1].name',
    '"web"',
    'unique name',
  ],
  [
    'an init container of the same name',
    podSpec({ initContainers: [container()] }),
    `${CONTAINER}.name`,
    '"web"',
    'unique name',
  ],
  [
    'a port as text',
    one({ ports: [{ containerPort: '80' }] }),
    `${CONTAINER}.ports[0].containerPort`,
    '"80"',
    'integer',
  ],
  [
    'a port out of range',
    one({ ports: [{ containerPort: 70000 }] }),
    `${CONTAINER}.ports[0].containerPort`,
    '70000',
    '65535',
  ],
  [
    'two ports of one name',
    one({
      ports: [
        { name: 'a', containerPort: 1 },
        { name: 'a', containerPort: 2 },
      ],
    }),
    `${CONTAINER}.ports[1].name`,
    '"a"',
    'rename',
  ],
  [
    'an environment variable that is a number',
    one({ env: [{ name: 'A', value: 1 }] }),
    `${CONTAINER}.env[0].value`,
    'a number, not a string',
    '"1"',
  ],
  [
    'an environment variable that is a boolean',
    one({ env: [{ name: 'A', value: true }] }),
    `${CONTAINER}.env[0].value`,
    'YAML',
    '"true"',
  ],
  [
    'a mount of a volume that is not there',
    one({ volumeMounts: [{ name: 'data', mountPath: '/d' }] }),
    `${CONTAINER}.volumeMounts[0].name`,
    '"data"',
    'volumes',
  ],
  ['restartPolicy Never', podSpec({ restartPolicy: 'Never' }), 'spec.template.spec.restartPolicy', 'Never', 'Always'],
  [
    'a label that is a boolean',
    spec({ template: template({}, { labels: { canary: true } }) }),
    'spec.template.metadata.labels.canary',
    'unquoted true',
    '"true"',
  ],
  [
    'a label that is a number',
    spec({ template: template({}, { labels: { version: 1 } }) }),
    'spec.template.metadata.labels.version',
    'digits',
    '"1"',
  ],
  [
    'a label with a space',
    spec({ template: template({}, { labels: { app: 'my app' } }) }),
    'spec.template.metadata.labels.app',
    'label value',
    '63',
  ],
  [
    'a label key that is none',
    spec({ template: template({}, { labels: { 'a b': 'c' } }) }),
    'spec.template.metadata.labels[a b]',
    'key',
    'DNS prefix',
  ],
  [
    'an annotation that is a number',
    spec({ template: template({}, { annotations: { n: 5 } }) }),
    'spec.template.metadata.annotations.n',
    '5',
    '"5"',
  ],
  [
    'a reserved label',
    spec({ template: template({}, { labels: { 'orchestration.aibrix.io/revision': 'x' } }) }),
    'spec.template.metadata.labels[orchestration.aibrix.io/revision]',
    'managed by the rollout',
    'remove',
  ],
];

testRefused('pod template', rows);

test('fields newer than the schema that is checked against are kept', () => {
  const env = [{ name: 'TOKEN', valueFrom: { fileKeyRef: { volumeName: 'v', path: 'p', key: 'k' } } }];
  const raw = podSpec({ hostnameOverride: 'web', containers: [container({ env, restartPolicyRules: [] })] });
  expect(read(raw).template).toBe(raw['template']);
});

test('what Kubernetes allows anywhere is allowed', () => {
  const raw = podSpec({
    nodeSelector: { 'any/key': 'value' },
    overhead: { cpu: '100m' },
    initContainers: [{ name: 'proxy', image: 'envoy', restartPolicy: 'Always' }],
    containers: [
      container({
        resources: { limits: { 'nvidia.com/gpu': 8, memory: '1Gi' } },
        readinessProbe: { httpGet: { path: '/', port: 'http' } },
        securityContext: { capabilities: { drop: ['ALL'] } },
      }),
    ],
  });
  expect(read(raw).roles).toHaveLength(1);
});

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(value).forEach(frozen);
  return Object.freeze(value);
}

test('a frozen template is read like any other', () => {
  const raw = frozen(one({ env: [{ name: 'A', value: 'b' }], resources: { limits: { cpu: '1' } } }));
  expect(read(raw).template).toBe(raw['template']);
  expect(problemsOf(readSpec(frozen(one({ prots: [] })), context))).toHaveLength(1);
});
