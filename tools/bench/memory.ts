import type { FastifyInstance } from 'fastify';
import type { SyncRequest } from '../../src/metacontroller/hook.js';

/** Memory of the process after a garbage collection, in MiB. */
export interface MemoryUse {
  /** Calls made so far. */
  readonly calls: number;
  readonly heap: number;
  readonly rss: number;
}

export interface Soak {
  readonly calls: number;
  readonly stormServices: number;
  /** How many times memory is looked at, evenly spread. */
  readonly samples: number;
}

/** Syncs many different StormServices in turn and yields what memory is in use on the way. */
export async function* soak(
  app: FastifyInstance,
  request: SyncRequest,
  { calls, stormServices, samples }: Soak,
): AsyncGenerator<MemoryUse> {
  const headers = { 'content-type': 'application/json' };
  const every = Math.max(1, Math.floor(calls / (samples - 1)));
  for (let call = 0; call < calls; call++) {
    if (call % every === 0) yield memoryUse(call);
    const payload = asStormService(request, call % stormServices);
    const { statusCode, body } = await app.inject({ method: 'POST', url: '/sync', headers, payload });
    if (statusCode !== 200) throw new Error(`/sync answered ${statusCode}: ${body}`);
  }
  yield memoryUse(calls);
}

function memoryUse(calls: number): MemoryUse {
  globalThis.gc?.();
  const { heapUsed, rss } = process.memoryUsage();
  return { calls, heap: heapUsed / 2 ** 20, rss: rss / 2 ** 20 };
}

/** The same request as of another StormService: every name, label, owner reference and uid is its own. */
function asStormService(request: SyncRequest, index: number): string {
  const { name, uid = '' } = request.parent.metadata;
  const suffix = String(index).padStart(6, '0');
  return JSON.stringify(request)
    .replaceAll(name, `${name}-${suffix}`)
    .replaceAll(uid, `${uid.slice(0, -suffix.length)}${suffix}`);
}
