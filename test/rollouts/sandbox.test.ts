import { testRollouts } from './body.js';
import { world } from './world.js';

for (const applyStrategy of ['dynamic-apply', 'server-side-apply'] as const) {
  testRollouts(`in the sandbox with ${applyStrategy}`, async () => world({ applyStrategy }));
}
