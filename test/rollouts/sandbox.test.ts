import { CORE_CHILDREN } from '../../src/sandbox/sandbox.js';
import { ROUTE_KINDS, testRollouts } from './body.js';
import { world } from './world.js';

const childKinds = [...CORE_CHILDREN, ...ROUTE_KINDS.map(kind => ({ kind, method: 'InPlace' as const }))];

for (const applyStrategy of ['dynamic-apply', 'server-side-apply'] as const) {
  testRollouts(`in the sandbox with ${applyStrategy}`, async () =>
    world({ applyStrategy, childKinds, podDecorator: true }),
  );
}
