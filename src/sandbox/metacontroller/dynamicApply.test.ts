import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../metacontroller/object.js';
import { asLastApplied, LAST_APPLIED_ANNOTATION } from '../../metacontroller/unchanged.js';
import type { Json, JsonObject } from '../../schema/json.js';
import { dynamicCreate, dynamicMerge, dynamicUpdate, MergeError } from './dynamicApply.js';

/** What the cluster holds after the API server stored what Metacontroller created. */
function created(desired: KubeObject, stored: Partial<KubeObject> = {}): KubeObject {
  const object = dynamicCreate(desired);
  return { ...object, ...stored, metadata: { ...object.metadata, uid: 'u', resourceVersion: '1', generation: 1 } };
}

function object(apiVersion: string, kind: string, spec: JsonObject): KubeObject {
  return { apiVersion, kind, metadata: { name: 'my-app', namespace: 'default' }, spec };
}

const backends = (stable: number, canary: number, rule: JsonObject) =>
  object('gateway.networking.k8s.io/v1', 'HTTPRoute', {
    rules: [
      {
        ...rule,
        backendRefs: [
          { name: 'stable', port: 80, weight: stable },
          { name: 'canary', port: 80, weight: canary },
        ],
      },
    ],
  });

const headerRoute = { match: [{ headers: { 'x-canary': { exact: 'true' } } }] };
const virtualService = (...http: JsonObject[]) => object('networking.istio.io/v1', 'VirtualService', { http });

const replicaSet = (replicas: number, ports: readonly JsonObject[]) =>
  object('apps/v1', 'ReplicaSet', { replicas, template: { spec: { containers: [{ name: 'dns', ports }] } } });

const updated = (before: KubeObject, after: KubeObject) => dynamicUpdate(created(before), after)?.['spec'];

describe('the damage that dynamic apply does to an update', () => {
  it('HTTPRoute with named rules: both backends become the canary', () => {
    expect(updated(backends(100, 0, { name: 'main' }), backends(90, 10, { name: 'main' }))).toEqual({
      rules: [
        {
          name: 'main',
          backendRefs: [
            { name: 'canary', port: 80, weight: 10 },
            { name: 'canary', port: 80, weight: 10 },
          ],
        },
      ],
    });
  });

  it('HTTPRoute with unnamed rules: right', () => {
    const after = backends(90, 10, {});
    expect(updated(backends(100, 0, {}), after)).toEqual(after['spec']);
  });

  it('VirtualService with named routes: a header route put in front lands last', () => {
    const primary = { name: 'primary', route: [] };
    const header = { name: 'header', ...headerRoute };
    expect(updated(virtualService(primary), virtualService(header, primary))).toEqual({ http: [primary, header] });
  });

  it('VirtualService with unnamed routes: right', () => {
    const after = virtualService(headerRoute, { route: [] });
    expect(updated(virtualService({ route: [] }), after)).toEqual(after['spec']);
  });

  it('Service with one port number on TCP and UDP: both become UDP, which the API server refuses', () => {
    const service = (selector: string) =>
      object('v1', 'Service', {
        selector: { app: selector },
        ports: [
          { name: 'dns-tcp', port: 53, protocol: 'TCP' },
          { name: 'dns', port: 53, protocol: 'UDP' },
        ],
      });
    expect(updated(service('a'), service('b'))).toMatchObject({
      ports: [
        { port: 53, protocol: 'UDP' },
        { port: 53, protocol: 'UDP' },
      ],
    });
  });

  it('ReplicaSet with one containerPort on TCP and UDP: scaling changes the template to UDP twice', () => {
    const ports = [
      { containerPort: 53, protocol: 'TCP' },
      { containerPort: 53, protocol: 'UDP' },
    ];
    const udp = { containerPort: 53, protocol: 'UDP' };
    expect(updated(replicaSet(1, ports), replicaSet(2, ports))).toMatchObject({
      replicas: 2,
      template: { spec: { containers: [{ ports: [udp, udp] }] } },
    });
  });

  it.each<[string, string, JsonObject, JsonObject]>([
    ['parentRefs to one Gateway', 'parentRefs', { name: 'gw', sectionName: 'a' }, { name: 'gw', sectionName: 'b' }],
    ['weighted services with one port', 'services', { port: 80, name: 'a' }, { port: 80, name: 'b' }],
    ['env with a repeated name', 'env', { name: 'A', value: '1' }, { name: 'A', value: '2' }],
  ])('%s: collapse onto the last one', (_, list, first, last) => {
    const of = (replicas: number) => object('v1', 'Any', { replicas, [list]: [first, last] });
    expect(updated(of(1), of(2))).toEqual({ replicas: 2, [list]: [last, last] });
  });
});

describe('dynamicMerge', () => {
  it('removes what was applied before and is not any more, and keeps what others wrote', () => {
    const observed = { a: 1, theirs: 2, nested: { x: 1, y: 2 } };
    expect(dynamicMerge(observed, { a: 1, nested: { x: 1 } }, { nested: {} })).toEqual({ theirs: 2, nested: { y: 2 } });
  });

  it('keeps defaulted fields of list items, the observed order, and items that others added', () => {
    const observed = {
      containers: [
        { name: 'injected', image: 'proxy' },
        { name: 'old', image: 'x' },
        { name: 'web', image: 'nginx:1', imagePullPolicy: 'Always' },
      ],
    };
    const last = { containers: [{ name: 'web', image: 'nginx:1' }, { name: 'old' }] };
    const desired = { containers: [{ name: 'first' }, { name: 'web', image: 'nginx:2' }] };
    expect(dynamicMerge(observed, last, desired)).toEqual({
      containers: [
        { name: 'injected', image: 'proxy' },
        { name: 'web', image: 'nginx:2', imagePullPolicy: 'Always' },
        { name: 'first' },
      ],
    });
  });

  it('prefers containerPort over name, and replaces a list in which one item lacks the key', () => {
    const observed = { ports: [{ containerPort: 1, name: 'a', protocol: 'TCP' }] };
    expect(dynamicMerge(observed, undefined, { ports: [{ containerPort: 1, name: 'b' }] })).toEqual({
      ports: [{ containerPort: 1, name: 'b', protocol: 'TCP' }],
    });
    expect(dynamicMerge({ list: [{ name: 'a', x: 1 }] }, undefined, { list: [{ y: 1 }] })).toEqual({
      list: [{ y: 1 }],
    });
    expect(dynamicMerge({ list: ['a'] }, undefined, { list: ['b'] })).toEqual({ list: ['b'] });
  });

  it('refuses to merge an object with something else', () => {
    expect(() => dynamicMerge({ a: { b: 1 } }, undefined, { a: 'text' })).toThrow(MergeError);
    expect(() => dynamicMerge({ a: [1] }, { a: { b: 1 } }, { a: [1] })).toThrow(MergeError);
  });

  it.each(['__proto__', 'constructor', 'toString'])('treats %s as any other key and any other name', key => {
    const object = (value: Json): JsonObject => JSON.parse(JSON.stringify({ [key]: value }));
    expect(dynamicMerge(object(1), undefined, {})).toEqual(object(1));
    expect(dynamicMerge(object(1), object(1), {})).toEqual({});
    expect(dynamicMerge({}, undefined, object({ a: 1 }))).toEqual(object({ a: 1 }));
    expect(dynamicMerge(object({ theirs: 1 }), {}, object({ a: 2 }))).toEqual(object({ theirs: 1, a: 2 }));
    const list = { list: [{ name: key, value: 1 }] };
    expect(dynamicMerge(list, undefined, { list: [{ name: key, image: 'a' }] })).toEqual({
      list: [{ name: key, value: 1, image: 'a' }],
    });
    expect(dynamicMerge({ list: [{ name: 'other' }] }, { list: [{ name: 'other' }] }, list)).toEqual(list);
  });

  it('changes nothing when the same is applied again, where no key repeats', () => {
    const item = fc.record({ name: fc.string(), value: fc.jsonValue() });
    const content = fc.record({
      list: fc.uniqueArray(item, { selector: ({ name }) => name }),
      map: fc.dictionary(fc.string(), fc.integer()),
    });
    fc.assert(
      fc.property(content, value => {
        const plain: JsonObject = JSON.parse(JSON.stringify(value));
        expect(dynamicMerge(plain, plain, plain)).toEqual(plain);
      }),
    );
  });
});

describe('dynamicUpdate', () => {
  const before = replicaSet(1, [{ containerPort: 80 }]);

  it('writes nothing when what is returned is what was returned', () => {
    const observed = created(before, { status: { replicas: 1 } });
    expect(dynamicUpdate(observed, before)).toBeUndefined();
    expect(dynamicUpdate(observed, asLastApplied(observed))).toBeUndefined();
  });

  it('ignores system fields and status in the answer', () => {
    const observed = created(before, { status: { replicas: 1 } });
    const copied = {
      ...observed,
      metadata: { ...before.metadata, uid: 'other', generation: 9 },
      status: { replicas: 7 },
    };
    const written = dynamicUpdate(observed, copied);
    expect(written?.metadata).toMatchObject({ uid: 'u', generation: 1, resourceVersion: '1' });
    expect(written?.['status']).toEqual({ replicas: 1 });
  });

  it('records what was returned, as Go writes JSON', () => {
    const desired = { ...before, metadata: { ...before.metadata, labels: { b: '<&>', a: '1' } } };
    const written = dynamicUpdate(created(before), desired);
    expect(written?.metadata.annotations?.[LAST_APPLIED_ANNOTATION]).toContain(
      String.raw`"labels":{"a":"1","b":"\u003c\u0026\u003e"}`,
    );
  });

  it('does not record a last-applied annotation that came back with the answer', () => {
    const observed = created(before);
    const annotations = observed.metadata.annotations ?? {};
    const written = dynamicUpdate(observed, { ...before, metadata: { ...before.metadata, annotations } });
    expect(JSON.parse(written!.metadata.annotations![LAST_APPLIED_ANNOTATION]!).metadata.annotations).toEqual({});
  });

  it('fails for a child whose record somebody broke', () => {
    const observed = created(before);
    const broken = { ...observed, metadata: { ...observed.metadata, annotations: { [LAST_APPLIED_ANNOTATION]: '{' } } };
    expect(() => dynamicUpdate(broken, before)).toThrow(MergeError);
  });
});
