import type { Hook } from '../metacontroller/hook.js';
import { API_VERSION, KIND } from '../schema/names.js';

/**
 * Syncs a StormService that does not exist before the first real request: this compiles the validators, which takes
 * longer than the rest of a sync.
 */
export async function warmUp(hook: Hook): Promise<void> {
  await hook.sync({
    parent: {
      apiVersion: API_VERSION,
      kind: KIND,
      metadata: { name: 'warm-up', namespace: 'none', uid: 'none' },
      spec: { replicas: 0, template: { spec: { containers: [{ name: 'none', image: 'none' }] } } },
    },
    children: {},
  });
}
