/**
 * Body of a hook call → typed request. What Metacontroller sends, in both hook versions, passes; anything else is
 * refused before it can be taken for a cluster in which objects are missing.
 */
import { type TSchema, Type } from 'typebox';
import { Compile, type Validator } from 'typebox/compile';
import { hookError } from '../schema/errors.js';
import { API_VERSION, GROUP, KIND } from '../schema/names.js';
import type { CustomizeRequest, DecorateRequest, SyncRequest } from './hook.js';
import type { KubeObject } from './object.js';

const texts = Type.Record(Type.String(), Type.String());

const KubeObjectSchema = Type.Object({
  apiVersion: Type.String({ minLength: 1 }),
  kind: Type.String({ minLength: 1 }),
  metadata: Type.Object({
    name: Type.String({ minLength: 1 }),
    namespace: Type.Optional(Type.String()),
    uid: Type.Optional(Type.String()),
    generation: Type.Optional(Type.Number()),
    labels: Type.Optional(texts),
    annotations: Type.Optional(texts),
    ownerReferences: Type.Optional(
      Type.Array(
        Type.Object({ apiVersion: Type.String(), kind: Type.String(), name: Type.String(), uid: Type.String() }),
      ),
    ),
    managedFields: Type.Optional(Type.Array(Type.Object({}))),
  }),
});

const StormServiceSchema = Type.Object({
  apiVersion: Type.String({ minLength: 1 }),
  kind: Type.String({ minLength: 1 }),
  metadata: Type.Intersect([
    KubeObjectSchema.properties.metadata,
    Type.Object({ namespace: Type.String({ minLength: 1 }), uid: Type.String({ minLength: 1 }) }),
  ]),
});

const PodSchema = Type.Object({
  ...KubeObjectSchema.properties,
  metadata: Type.Intersect([
    KubeObjectSchema.properties.metadata,
    Type.Object({ namespace: Type.String({ minLength: 1 }) }),
  ]),
});

const Objects = Type.Record(Type.String(), Type.Record(Type.String(), KubeObjectSchema));
const orNull = <Schema extends TSchema>(schema: Schema) => Type.Optional(Type.Union([schema, Type.Null()]));
const Controller = orNull(Type.Object({}));

const envelopes = {
  sync: Compile(
    Type.Object({
      controller: Controller,
      parent: StormServiceSchema,
      children: Objects,
      related: orNull(Objects),
      finalizing: Type.Optional(Type.Boolean()),
    }),
  ),
  customize: Compile(Type.Object({ controller: Controller, parent: StormServiceSchema })),
  decorate: Compile(decorated(StormServiceSchema)),
  'customize-pods': Compile(Type.Object({ controller: Controller, parent: PodSchema })),
  'decorate-pods': Compile(decorated(PodSchema)),
} as const;

function decorated<Schema extends TSchema>(object: Schema) {
  return Type.Object({
    controller: Controller,
    object,
    attachments: orNull(Objects),
    related: orNull(Objects),
    finalizing: Type.Optional(Type.Boolean()),
  });
}

/** Path of a hook without the slash. */
export type HookName = keyof typeof envelopes;

/** Kinds that every StormService needs: without its group a kind would look as if it had no objects. */
const requiredChildren = [
  { kind: 'ReplicaSet', group: 'apps', resource: 'apps/v1 replicasets' },
  { kind: 'ControllerRevision', group: 'apps', resource: 'apps/v1 controllerrevisions' },
  { kind: 'Service', group: '', resource: 'v1 services' },
] as const;

/** @throws SR2002 when it is no such request, SR2003 when the controller behind it lacks something. */
export function readSyncRequest(body: unknown): SyncRequest {
  const request = read<SyncRequest>('sync', body);
  expectStormService(request.parent);
  for (const { kind, group, resource } of requiredChildren) {
    if (!Object.keys(request.children).some(key => isGroupOf(key, kind, group))) {
      throw hookError('SR2003', { problem: `it does not watch ${kind}s; add ${resource} to its childResources` });
    }
  }
  return request;
}

/** @throws SR2002 when it is no such request, SR2003 when it is about another kind than StormService. */
export function readCustomizeRequest(body: unknown): CustomizeRequest {
  const request = read<CustomizeRequest>('customize', body);
  expectStormService(request.parent);
  return request;
}

/** @throws SR2002 when it is no such request, SR2003 when it is about another kind than StormService. */
export function readDecorateRequest(body: unknown): DecorateRequest {
  const request = read<DecorateRequest>('decorate', body);
  expectStormService(request.object);
  return request;
}

/** @throws SR2002 when it is no such request, SR2003 when it is about another kind than Pod. */
export function readCustomizePodRequest(body: unknown): CustomizeRequest {
  const request = read<CustomizeRequest>('customize-pods', body);
  expectPod(request.parent);
  return request;
}

/** @throws SR2002 when it is no such request, SR2003 when it is about another kind than Pod. */
export function readDecoratePodRequest(body: unknown): DecorateRequest {
  const request = read<DecorateRequest>('decorate-pods', body);
  expectPod(request.object);
  return request;
}

function read<Request>(hook: HookName, body: unknown): Request {
  const envelope: Validator = envelopes[hook];
  if (envelope.Check(body)) return withoutNulls(body as object) as Request;
  throw hookError('SR2002', { hook, problem: wrongHook(hook, body) ?? describeFirstError(envelope, body) });
}

/** Go writes an empty map that was never made as null. */
function withoutNulls(body: object): object {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null));
}

function wrongHook(hook: HookName, body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  switch (hook) {
    case 'sync':
    case 'customize':
      return 'object' in body ? 'a DecoratorController sent it; its webhook URL must end in /decorate' : undefined;
    case 'decorate':
      return 'parent' in body
        ? 'a CompositeController sent it; its webhook URLs must end in /sync and /customize'
        : undefined;
    case 'customize-pods':
      return 'object' in body ? 'a sync hook sent it; its webhook URL must end in /decorate-pods' : undefined;
    case 'decorate-pods':
      return 'parent' in body ? 'a customize hook sent it; its webhook URL must end in /customize-pods' : undefined;
    default:
      return hook satisfies never;
  }
}

function describeFirstError(envelope: Validator, body: unknown): string {
  // Errors of a union come before the ones of its members; the deepest path is the one that helps.
  const errors = envelope.Errors(body);
  const [first] = [...errors].sort((a, b) => b.instancePath.length - a.instancePath.length);
  if (first === undefined) return 'it is malformed';
  return `${toPath(first.instancePath)} ${first.message}`;
}

/** JSON pointer → path as one would write it in code: `children["ReplicaSet.apps/v1"]["default/a"].metadata`. */
function toPath(pointer: string): string {
  const keys = pointer
    .split('/')
    .slice(1)
    .map(key => key.replaceAll('~1', '/').replaceAll('~0', '~'));
  const path = keys.map(key => (/^[A-Za-z_]\w*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`)).join('');
  return path === '' ? 'the body' : path.replace(/^\./, '');
}

function expectStormService({ apiVersion, kind }: Pick<KubeObject, 'apiVersion' | 'kind'>): void {
  if (kind === KIND && apiVersion.startsWith(`${GROUP}/`)) return;
  throw hookError('SR2003', {
    problem: `it sent a ${kind} of ${apiVersion}; its parent must be the stormservices of ${API_VERSION}`,
  });
}

function expectPod({ apiVersion, kind }: Pick<KubeObject, 'apiVersion' | 'kind'>): void {
  if (kind === 'Pod' && apiVersion === 'v1') return;
  throw hookError('SR2003', { problem: `it sent a ${kind} of ${apiVersion}; its resources must be the pods of v1` });
}

/** Whether a key of `children` is of a kind, in whatever version: `ReplicaSet.apps/v1`, `Service.v1`. */
function isGroupOf(key: string, kind: string, group: string): boolean {
  return group === '' ? new RegExp(`^${kind}\\.v\\d`).test(key) : key.startsWith(`${kind}.${group}/`);
}
