import { readFileSync } from 'node:fs';
import type { CustomizeRequest, DecorateRequest, ObjectMap, SyncRequest } from '../src/metacontroller/hook.js';

interface Fixtures {
  customize: CustomizeRequest;
  'decorate-approve': DecorateRequest;
  'sync-approve': SyncRequest;
  'sync-canary-available': SyncRequest;
  'sync-canary-starting': SyncRequest;
  'sync-first': SyncRequest;
  'sync-stable': SyncRequest;
}

/** A hook request recorded from a real Metacontroller, hook version v2. */
export function fixture<Name extends keyof Fixtures>(name: Name): Fixtures[Name] {
  return JSON.parse(readFileSync(new URL(`fixtures/${name}.json`, import.meta.url), 'utf8'));
}

/** The same objects as hook version v1 keys them: by name alone, without cluster-scoped objects. */
export function asVersion1(objects: ObjectMap): ObjectMap {
  return Object.fromEntries(
    Object.entries(objects).map(([kind, group]) => [
      kind,
      Object.fromEntries(
        Object.values(group)
          .filter(({ metadata }) => metadata.namespace !== undefined)
          .map(object => [object.metadata.name, object]),
      ),
    ]),
  );
}
