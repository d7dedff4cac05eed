import { describe, expect, test } from 'vitest';
import { problemsOf } from '../../test/api/refused.js';
import { container, context, role, roles, spec, template } from '../../test/api/specs.js';
import { readSpec } from './readSpec.js';

describe('merge safety', () => {
  const ports = [
    { name: 'dns', containerPort: 53, protocol: 'UDP' },
    { name: 'dns-tcp', containerPort: 53, protocol: 'TCP' },
  ];
  const dynamic = { ...context, applyStrategy: 'dynamic-apply' } as const;
  const withPorts = spec({ template: template({ containers: [container({ ports })] }) });

  test('server-side apply takes one number on two protocols', () => {
    expect(readSpec(withPorts, context)).toMatchObject({
      ok: true,
      value: { service: { ports: [{ port: 53 }, { port: 53 }] } },
    });
  });

  test.each([
    ['container ports', withPorts, 'spec.template.spec.containers[0].ports'],
    ['the Services made of them', withPorts, 'spec.service.ports'],
    [
      'repeated variables',
      spec({
        template: template({
          containers: [
            container({
              env: [
                { name: 'A', value: '1' },
                { name: 'A', value: '2' },
              ],
            }),
          ],
        }),
      }),
      'spec.template.spec.containers[0].env',
    ],
    [
      'a role',
      roles(role({ template: template({ containers: [container({ ports })] }) })),
      'spec.template.spec.roles[0].template.spec.containers[0].ports',
    ],
  ])('dynamic apply refuses %s', (_, raw, path) => {
    const problem = problemsOf(readSpec(raw, dynamic)).find(found => found.path === path);
    expect(problem?.problem).toContain('dynamic apply');
    expect(problem?.remedy).toContain('--apply-strategy=server-side-apply');
    expect(problem?.remedy).toContain('APPLY_STRATEGY=server-side-apply');
  });
});
