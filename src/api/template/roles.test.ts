import { expect, test } from 'vitest';
import { read } from '../../../test/api/read.js';
import { type Row, testRefused } from '../../../test/api/refused.js';
import { container, role, roles, spec, template } from '../../../test/api/specs.js';

const rows: readonly Row[] = [
  ['no roles in the list', roles(), 'spec.template.spec.roles', 'fewer than 1', 'at least 1'],
  [
    'a role without a name',
    roles({ template: template() }),
    'spec.template.spec.roles[0].name',
    'required',
    'add name',
  ],
  ['two roles of one name', roles(role(), role()), 'spec.template.spec.roles[1].name', 'another role', 'unique name'],
  [
    'a role name with capitals',
    roles(role({ name: 'Prefill' })),
    'spec.template.spec.roles[0].name',
    '"Prefill"',
    'lowercase',
  ],
  [
    'a typo in a role',
    roles(role({ podGroupsize: 2 })),
    'spec.template.spec.roles[0].podGroupsize',
    'unknown field',
    'podGroupSize',
  ],
  [
    'a typo beside roles',
    spec({ template: { spec: { roles: [role()], schedulingStrateg: {} } } }),
    'spec.template.spec.schedulingStrateg',
    'alongside roles',
    'schedulingStrategy',
  ],
  [
    "a typo in a role's container",
    roles(role({ template: { spec: { containers: [container({ imagePullPolcy: 'Always' })] } } })),
    'spec.template.spec.roles[0].template.spec.containers[0].imagePullPolcy',
    'unknown field',
    'imagePullPolicy',
  ],
];

testRefused('roles', rows);

test('as AIBrix writes them', () => {
  const prefill = role({ name: 'prefill', replicas: 2, podGroupSize: 4, upgradeOrder: 1, stateful: true });
  const decode = role({
    name: 'decode',
    disruptionTolerance: { maxUnavailable: 1 },
    updateStrategy: { type: 'Recreate' },
  });
  const raw = spec({
    stateful: true,
    disruptionTolerance: { maxUnavailable: '25%' },
    selector: { matchLabels: { app: 'llm' } },
    template: {
      metadata: { labels: { app: 'llm' } },
      spec: {
        roles: [prefill, decode],
        updateStrategy: 'Parallel',
        schedulingStrategy: { volcanoSchedulingStrategy: {} },
      },
    },
    service: { role: 'decode' },
  });
  const { roles: read2, template: kept, service } = read(raw);
  expect(read2.map(({ name, pods }) => [name, pods])).toEqual([
    ['prefill', 8],
    ['decode', 1],
  ]);
  expect(read2[0]?.upgradeOrder).toBeLessThan(read2[1]?.upgradeOrder ?? 0);
  expect(kept).toBe(raw['template']);
  expect(service?.role).toBe('decode');
});
