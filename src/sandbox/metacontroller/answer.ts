import type { CustomizeAnswer, DecorateAnswer, SyncAnswer } from '../../metacontroller/hook.js';
import type { KubeObject } from '../../metacontroller/object.js';
import { isObject } from '../../schema/json.js';
import type { HookVersion } from './envelope.js';

/** The hook answered something that Metacontroller cannot read: the whole sync fails. */
export class AnswerError extends Error {
  override readonly name = 'AnswerError';
}

const FIELDS = {
  sync: ['status', 'children', 'resyncAfterSeconds', 'finalized'],
  customize: ['relatedResources'],
  decorate: ['labels', 'annotations', 'status', 'attachments', 'resyncAfterSeconds', 'finalized'],
  rule: ['apiVersion', 'resource', 'labelSelector', 'namespace', 'names', 'namespaceSelector'],
} as const;

/** As it arrives over the wire: JSON, children with the parent's namespace unless they name one. */
export function readSyncAnswer(answer: SyncAnswer, parent: KubeObject, version: HookVersion): SyncAnswer {
  const read = overTheWire(answer, 'sync', version);
  const { namespace } = parent.metadata;
  const children = (read.children ?? []).map(child => {
    if (!isObject(child) || !isObject(child.metadata)) throw new AnswerError('sync: a child is not an object');
    return child.metadata.namespace === undefined && namespace !== undefined
      ? { ...child, metadata: { ...child.metadata, namespace } }
      : child;
  });
  return { ...read, status: read.status ?? {}, children };
}

export function readCustomizeAnswer(answer: CustomizeAnswer, version: HookVersion): CustomizeAnswer {
  const { relatedResources = [] } = overTheWire(answer, 'customize', version);
  for (const rule of relatedResources) refuseUnknown(rule, 'rule', version);
  return { relatedResources };
}

export function readDecorateAnswer(answer: DecorateAnswer, version: HookVersion): DecorateAnswer {
  const { labels = {}, annotations = {}, attachments = [] } = overTheWire(answer, 'decorate', version);
  return { labels, annotations, attachments };
}

function overTheWire<T extends object>(answer: T, hook: keyof typeof FIELDS, version: HookVersion): Partial<T> {
  const read: unknown = JSON.parse(JSON.stringify(answer ?? null));
  if (!isObject(read)) throw new AnswerError(`${hook}: the answer is not an object`);
  refuseUnknown(read, hook, version);
  return read as Partial<T>;
}

/** Version 2 is strict: a field that Metacontroller does not know fails the sync. Version 1 ignores it. */
function refuseUnknown(value: object, shape: keyof typeof FIELDS, version: HookVersion): void {
  if (version === 'v1') return;
  const known: readonly string[] = FIELDS[shape];
  const unknown = Object.keys(value).filter(field => !known.includes(field));
  if (unknown.length > 0) throw new AnswerError(`${shape}: unknown field ${unknown.join(', ')}`);
}
