import type { SyncRequest } from '../../src/metacontroller/hook.js';
import type { JsonObject } from '../../src/schema/json.js';
import { fixture } from '../fixture.js';

/** A sync whose status has a measurement that is due. */
export function withDueMeasurement(uid: string, web: JsonObject = { url: 'http://metrics' }): SyncRequest {
  const { parent, ...rest } = fixture('sync-stable');
  const startedAt = '2025-12-31T23:59:00Z';
  const run = {
    id: 'background.new',
    kind: 'background',
    revision: 'new',
    phase: 'Running',
    startedAt,
    metrics: [{ name: 'errors', phase: 'Running', measurements: [], dueAt: startedAt }],
    pinned: [{ name: 'errors', provider: { web } }],
  };
  return {
    ...rest,
    parent: {
      ...parent,
      metadata: { ...parent.metadata, uid },
      status: { ...(parent['status'] as JsonObject), analysisRuns: [run] },
    },
  };
}
