import { expect, it } from 'vitest';
import type { KubeObject } from '../metacontroller/object.js';
import { observeSelection } from './services.js';

function service(name: string, rest: object = {}): KubeObject {
  return { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: 'shop' }, ...rest };
}

const revision = (hash: string) => ({ spec: { selector: { app: 'web', 'orchestration.aibrix.io/revision': hash } } });

it.each<[string, readonly KubeObject[], string | undefined]>([
  ['one revision', [service('my-app', revision('abc'))], 'abc'],
  ['one revision, next to other Services', [service('a', revision('b')), service('my-app', revision('abc'))], 'abc'],
  ['all revisions, without the revision label', [service('my-app', { spec: { selector: { app: 'web' } } })], '*'],
  ['all revisions, without a selector', [service('my-app', { spec: {} })], '*'],
  ['all revisions, without a spec', [service('my-app')], '*'],
  ['nothing if it does not exist', [service('my-app-canary', revision('abc'))], undefined],
])('a Service selects %s', (_, services, expected) => {
  const children = { 'Service.v1': Object.fromEntries(services.map(each => [each.metadata.name, each])) };
  expect(observeSelection(children, 'my-app')).toBe(expected);
});

it('an object of another kind with the same name is not the Service', () => {
  expect(observeSelection({ 'Ingress.networking.k8s.io/v1': { a: service('my-app') } }, 'my-app')).toBeUndefined();
});
