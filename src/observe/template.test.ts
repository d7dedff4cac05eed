import { expect, it } from 'vitest';
import type { KubeObject } from '../metacontroller/object.js';
import { recordedTemplate } from './template.js';

function record(rest: object): KubeObject {
  return { apiVersion: 'apps/v1', kind: 'ControllerRevision', metadata: { name: 'my-app-abc' }, ...rest };
}

it('reads the template that a ControllerRevision has as a string', () => {
  expect(recordedTemplate(record({ data: { template: '{"spec":{"containers":[]}}' } }))).toEqual({
    spec: { containers: [] },
  });
});

it.each<[string, KubeObject]>([
  ['without data', record({})],
  ['without a template', record({ data: {} })],
  ['if it is an object', record({ data: { template: { spec: {} } } })],
  ['if it is a list with a template', record({ data: { template: ['{}'] } })],
  ['if it is empty', record({ data: { template: '' } })],
  ['if it is not JSON', record({ data: { template: '{"spec":' } })],
  ['if it is null', record({ data: { template: 'null' } })],
  ['if it is text in JSON', record({ data: { template: '"spec"' } })],
  ['if it is a number in JSON', record({ data: { template: '1' } })],
])('there is no template %s', (_, given) => {
  expect(recordedTemplate(given)).toBeUndefined();
});
