import { type Row, testRefused } from '../../../test/api/refused.js';
import { container, role, spec, template } from '../../../test/api/specs.js';

const rows: readonly Row[] = [
  [
    'an unknown role',
    spec({ template: { spec: { roles: [role()] } }, service: { role: 'prefil' } }),
    'spec.service.role',
    '"prefil"',
    'prefill',
  ],
  ['a role where there are none', spec({ service: { role: 'web' } }), 'spec.service.role', '"web"', 'remove'],
  [
    'an unknown port name',
    spec({ service: { ports: [{ port: 80, targetPort: 'htp' }] } }),
    'spec.service.ports[0].targetPort',
    '"htp"',
    'http',
  ],
  [
    'two unnamed ports',
    spec({ service: { ports: [{ port: 80 }, { port: 81, name: 'b' }] } }),
    'spec.service.ports[0].name',
    'name is required',
    'http',
  ],
  [
    'one port twice',
    spec({
      service: {
        ports: [
          { port: 80, name: 'a' },
          { port: 80, name: 'b' },
        ],
      },
    }),
    'spec.service.ports[1].port',
    '80/TCP',
    'remove',
  ],
  ['a name with a dot', spec({ service: { name: 'my.app' } }), 'spec.service.name', 'Service', 'lowercase'],
  [
    'an unknown type',
    spec({ service: { type: 'Clusterip' } }),
    'spec.service.type',
    'Clusterip',
    'did you mean ClusterIP',
  ],
  [
    'a label that is a boolean',
    spec({ service: { labels: { a: false } } }),
    'spec.service.labels.a',
    'boolean',
    '"false"',
  ],
  [
    'no port for blue-green',
    spec({ template: template({ containers: [container({ ports: [] })] }), rolloutStrategy: { blueGreen: {} } }),
    'spec.service.ports',
    'blue-green',
    'container',
  ],
];

testRefused('service', rows);
