import { expect, test } from 'vitest';
import { collapse, collapsingLists, mergeKey, unsafeLists } from './mergeSafety.js';

test.each([
  [
    'container ports on one number',
    {
      ports: [
        { containerPort: 53, protocol: 'TCP' },
        { containerPort: 53, protocol: 'UDP' },
      ],
    },
    [{ path: 'ports', key: 'containerPort', value: '53' }],
  ],
  [
    'Service ports on one number',
    {
      spec: {
        ports: [
          { name: 'a', port: 53 },
          { name: 'b', port: 53 },
        ],
      },
    },
    [{ path: 'spec.ports', key: 'port', value: '53' }],
  ],
  [
    'a repeated variable',
    { c: [{ env: [{ name: 'A' }, { name: 'B' }, { name: 'A' }] }] },
    [{ path: 'c[0].env', key: 'name', value: 'A' }],
  ],
  [
    'backendRefs with one port',
    {
      rules: [
        {
          backendRefs: [
            { name: 'a', port: 80 },
            { name: 'b', port: 80 },
          ],
        },
      ],
    },
    [{ path: 'rules[0].backendRefs', key: 'port', value: '80' }],
  ],
  ['a number and the same as text', { l: [{ port: 80 }, { port: '80' }] }, [{ path: 'l', key: 'port', value: '80' }]],
  [
    'one volume mounted twice at different paths',
    {
      volumeMounts: [
        { name: 'd', mountPath: '/a' },
        { name: 'd', mountPath: '/b' },
      ],
    },
    [],
  ],
  ['a key that not all items have', { l: [{ port: 80 }, { port: 80 }, { other: 1 }] }, []],
  [
    'a shared key behind a key that tells apart',
    {
      l: [
        { containerPort: 1, name: 'a' },
        { containerPort: 2, name: 'a' },
      ],
    },
    [],
  ],
  ['items without any such key', { tolerations: [{ key: 'a' }, { key: 'a' }] }, []],
  ['lists of texts', { args: ['a', 'a'] }, []],
  ['one item', { ports: [{ containerPort: 53 }] }, []],
  ['no object at all', null, []],
])('%s', (_, object, unsafe) => {
  expect(unsafeLists(object)).toEqual(unsafe);
});

test('the keys are tried in the order of Metacontroller', () => {
  const keys = ['containerPort', 'port', 'mountPath', 'name', 'uid', 'ip', 'path'];
  for (const [index, key] of keys.entries()) {
    const item = Object.fromEntries(keys.slice(index).map(name => [name, name === key ? 'same' : 'x']));
    const other = Object.fromEntries(keys.slice(index).map(name => [name, name === key ? 'same' : 'y']));
    expect(unsafeLists({ l: [item, other] })).toEqual([{ path: 'l', key, value: 'same' }]);
  }
});

test('a list that is replaced whole is safe with all that is in it, one that is merged is not', () => {
  const ports = [{ port: 80 }, { port: 80 }];
  const clash = { key: 'port', value: '80' };
  expect(collapsingLists({ rules: [{ ports }] })).toEqual([]);
  expect(collapsingLists({ rules: [{ name: 'a', ports }] })).toEqual([{ path: 'rules[0].ports', ...clash }]);
  expect(collapsingLists({ ports })).toEqual([{ path: 'ports', ...clash }]);
  expect(collapse({ path: 'ports', ...clash })).toMatch(/^two items have port 80/);
});

test.each([
  [[], undefined],
  [[{ name: 'a' }], 'name'],
  [[{ name: 'a' }, { other: 1 }], undefined],
  [[{ name: 'a' }, 5], undefined],
  [[{ name: 'a', port: 1 }, { port: 2 }], 'port'],
])('%j is merged by %s', (list, key) => {
  expect(mergeKey(list)).toBe(key);
});
