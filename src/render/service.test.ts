import { describe, expect, it } from 'vitest';
import { PARENT } from '../../test/observed.js';
import type { ServiceSpec } from '../api/spec.js';
import { ALL_REVISIONS } from '../observe/services.js';
import { renderService } from './service.js';

const OURS = { 'orchestration.aibrix.io/stormservice': 'my-app' };
const SERVICE: ServiceSpec = { name: 'my-app', ports: [{ port: 80 }], labels: {}, annotations: {} };
const FULL: ServiceSpec = {
  name: 'my-app',
  ports: [
    { name: 'http', port: 80, targetPort: 'web', protocol: 'TCP', nodePort: 30080 },
    { name: 'grpc', port: 90, appProtocol: 'h2c' },
  ],
  type: 'NodePort',
  role: 'router',
  labels: { team: 'web' },
  annotations: { scrape: 'true' },
};

it('the smallest Service has a port and selects the pods of a revision', () => {
  expect(renderService(PARENT, SERVICE, 'my-app', 'abc')).toStrictEqual({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'my-app', namespace: 'shop', labels: OURS },
    spec: { ports: [{ port: 80 }], selector: { ...OURS, 'orchestration.aibrix.io/revision': 'abc' } },
  });
});

it('the root Service has the type and the node ports', () => {
  expect(renderService(PARENT, FULL, 'my-app', ALL_REVISIONS)).toStrictEqual({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: 'my-app',
      namespace: 'shop',
      labels: { team: 'web', ...OURS },
      annotations: { scrape: 'true' },
    },
    spec: {
      type: 'NodePort',
      ports: FULL.ports,
      selector: { ...OURS, 'orchestration.aibrix.io/role': 'router' },
    },
  });
});

it('any other Service has neither, but the same ports, labels and annotations', () => {
  const [{ nodePort: _, ...http }, grpc] = FULL.ports as [ServiceSpec['ports'][0], ServiceSpec['ports'][0]];
  expect(renderService(PARENT, FULL, 'my-app-canary', 'abc')).toStrictEqual({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: 'my-app-canary',
      namespace: 'shop',
      labels: { team: 'web', ...OURS },
      annotations: { scrape: 'true' },
    },
    spec: {
      ports: [http, grpc],
      selector: { ...OURS, 'orchestration.aibrix.io/revision': 'abc', 'orchestration.aibrix.io/role': 'router' },
    },
  });
});

describe('selector', () => {
  it.each<[string, string, object]>([
    ['all revisions', ALL_REVISIONS, OURS],
    ['one revision', 'abc', { ...OURS, 'orchestration.aibrix.io/revision': 'abc' }],
  ])('%s', (_, selection, selector) => {
    expect(renderService(PARENT, SERVICE, 'my-app', selection)['spec']).toStrictEqual({
      ports: [{ port: 80 }],
      selector,
    });
  });
});

it('the label with the name of the StormService cannot be overridden', () => {
  const labels = { 'orchestration.aibrix.io/stormservice': 'other' };
  expect(renderService(PARENT, { ...SERVICE, labels }, 'my-app', 'abc').metadata.labels).toStrictEqual(OURS);
});
