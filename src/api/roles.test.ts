import { type Row, testRefused } from '../../test/api/refused.js';
import { container, role, roles, spec, template } from '../../test/api/specs.js';

const rows: readonly Row[] = [
  ['no roles in the list', roles(), 'spec.template.spec.roles', 'fewer than 1', 'at least 1'],
  [
    'a role without a name',
    roles({ template: template() }),
    'spec.template.spec.roles[0].name',
    'missing',
    'write name',
  ],
  ['two roles of one name', roles(role(), role()), 'spec.template.spec.roles[1].name', 'another role', 'of its own'],
  [
    'a role name with capitals',
    roles(role({ name: 'Prefill' })),
    'spec.template.spec.roles[0].name',
    '"Prefill"',
    'lower-case',
  ],
  [
    'a typo in a role',
    roles(role({ podGroupsize: 2 })),
    'spec.template.spec.roles[0].podGroupsize',
    'no field',
    'podGroupSize',
  ],
  [
    'a typo beside roles',
    spec({ template: { spec: { roles: [role()], schedulingStrateg: {} } } }),
    'spec.template.spec.schedulingStrateg',
    'beside roles',
    'schedulingStrategy',
  ],
  [
    "a typo in a role's container",
    roles(role({ template: { spec: { containers: [container({ imagePullPolcy: 'Always' })] } } })),
    'spec.template.spec.roles[0].template.spec.containers[0].imagePullPolcy',
    'no field',
    'imagePullPolicy',
  ],
];

testRefused('roles', rows);
