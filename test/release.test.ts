/**
 * What release 0.1 has left in clusters, and what it answered: an upgrade of the hook takes over rollouts wherever they
 * stand. A pod template or selector that differs would restart every pod, a hash that differs would begin a rollout.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { dueMeasurements } from '../src/analysis/analysis.js';
import type { MeasurementResult } from '../src/fetch/measurement.js';
import { answerSync } from '../src/hook/sync.js';
import type { ObjectMap, SyncAnswer, SyncRequest } from '../src/metacontroller/hook.js';
import type { KubeObject } from '../src/metacontroller/object.js';
import { canonical } from '../src/schema/hash.js';
import type { Json } from '../src/schema/json.js';
import { API_VERSION, APPROVE_ANNOTATION, KIND, REVISION_LABEL } from '../src/schema/names.js';
import { readStatus } from '../src/status/status.js';

interface Recorded {
  readonly now: number;
  readonly request: SyncRequest;
  readonly measurements?: readonly MeasurementResult[];
  readonly answer: SyncAnswer;
}

interface Pinned {
  readonly title: string;
  readonly name: string;
  readonly spec: object;
  readonly revision: string;
  readonly stepsHash: string;
  readonly setupHash: string;
  /** Digests of selector and template. */
  readonly replicaSets: Readonly<Record<string, string>>;
  /** Digests of data. */
  readonly controllerRevisions: Readonly<Record<string, string>>;
}

interface SeenRoutes {
  readonly now: number;
  readonly request: SyncRequest;
  readonly routeSeen: { readonly state: string; readonly since: string };
}

interface Rollout {
  readonly phase: string;
  readonly step?: string;
  readonly currentStepIndex?: number;
  readonly stableRevision?: string;
  readonly updatedRevision: string;
}

const folder = fileURLToPath(new URL('fixtures/release-0.1', import.meta.url));

function read<T>(file: string): T {
  return JSON.parse(readFileSync(`${folder}/${file}`, 'utf8'));
}

function namesIn(path: string): string[] {
  return readdirSync(path)
    .filter(file => file.endsWith('.json') && file !== 'hashes.json')
    .map(file => file.replace('.json', ''))
    .sort();
}

function answerTo({ request, now, measurements = [] }: Omit<Recorded, 'answer'>): SyncAnswer {
  const results = new Map(measurements.map(result => [result.key, result]));
  return asSent(answerSync(request, now, { applyStrategy: 'dynamic-apply' }, results));
}

/** As it arrives at Metacontroller. */
function asSent<T>(value: T): T {
  return JSON.parse(JSON.stringify(value));
}

/** Sentences may be worded anew, and later releases remember more. */
const FREE: ReadonlySet<string> = new Set(['message', 'effect', 'progress']);

/** What of a status stays as it was. */
function lastingFields(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(lastingFields);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).filter(([field]) => !FREE.has(field));
  return Object.fromEntries(fields.map(([field, member]) => [field, lastingFields(member)]));
}

function rolloutOf({ status }: Pick<SyncAnswer, 'status'>): Rollout {
  return status['rolloutStatus'] as Rollout;
}

function ofKind(kind: string, objects: readonly KubeObject[]): readonly KubeObject[] {
  return objects.filter(object => object.kind === kind);
}

function observed(kind: string, children: ObjectMap): readonly KubeObject[] {
  return ofKind(
    kind,
    Object.values(children).flatMap(group => Object.values(group)),
  );
}

/** What must never change, by name: a ReplicaSet's pods, and the template that a ControllerRevision records. */
function lastingParts(objects: readonly KubeObject[]) {
  const sets = ofKind('ReplicaSet', objects).map(({ metadata, ...set }) => {
    const { selector, template } = set['spec'] as { readonly selector: object; readonly template: object };
    return [metadata.name, { selector, template }] as const;
  });
  const records = ofKind('ControllerRevision', objects).map(({ metadata, ...record }) => {
    return [metadata.name, { data: record['data'], revision: record['revision'] }] as const;
  });
  return Object.fromEntries([...sets, ...records]);
}

function sorted(objects: readonly KubeObject[]): readonly KubeObject[] {
  const key = ({ kind, metadata }: KubeObject) => `${kind}/${metadata.name}`;
  return [...objects].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

/** Counts of pods in it are not held back. */
function writtenLongAgo({ parent: { metadata, ...parent }, ...request }: SyncRequest): SyncRequest {
  const { managedFields: _, ...rest } = metadata;
  return { ...request, parent: { ...parent, metadata: rest } };
}

function withStatus(request: SyncRequest, status: SyncAnswer['status']): SyncRequest {
  const { generation } = request.parent.metadata;
  return { ...request, parent: { ...request.parent, status: { ...status, observedGeneration: generation } } };
}

/** All that was answered is applied, and every pod is available. */
function applied(request: SyncRequest, { status, children }: SyncAnswer, at: string): SyncRequest {
  const next: Record<string, Record<string, KubeObject>> = Object.fromEntries(
    Object.keys(request.children).map(kind => [kind, {}]),
  );
  for (const child of children) {
    const { apiVersion, kind, metadata } = child;
    const group = `${kind}.${apiVersion}`;
    const key = `${metadata.namespace}/${metadata.name}`;
    const before = request.children[group]?.[key];
    next[group] = { ...next[group], [key]: stored(before, child, at) };
  }
  return { ...withStatus(request, status), children: next };
}

function stored(before: KubeObject | undefined, child: KubeObject, at: string): KubeObject {
  const spec = child['spec'] as { readonly replicas?: number } | undefined;
  const pods = spec?.replicas ?? 0;
  const counts = { replicas: pods, readyReplicas: pods, availableReplicas: pods };
  const same = before && canonical(before['spec']) === canonical({ ...(before['spec'] as object), ...spec });
  const managedFields = same
    ? before.metadata.managedFields
    : [{ manager: 'metacontroller', operation: 'Update', apiVersion: child.apiVersion, time: at }];
  return {
    ...before,
    ...child,
    metadata: { ...before?.metadata, ...child.metadata, ...(managedFields && { managedFields }) },
    ...(spec && { spec: { ...(before?.['spec'] as object | undefined), ...spec } }),
    ...(child.kind === 'ReplicaSet' && { status: counts }),
  } as KubeObject;
}

const HOUR = 3600_000;

/** Of errors and latency little is good. */
const GOOD: Readonly<Record<string, Json>> = { 'success-rate': [0.99], endpoint: { status: 200 } };

function dueIn({ parent, related = {} }: SyncRequest, now: number) {
  const { analysis } = readStatus(parent['status']);
  return dueMeasurements(analysis.runs, { parent, related, stableRevision: '', latestRevision: '' }, now);
}

/** Whatever is waited for happens: pods get ready, time passes, gates are approved, and every measurement is good. */
function* goingOn({ request: first, now: start, answer }: Recorded) {
  let request = applied(first, answer, new Date(start).toISOString());
  for (let now = start; now < start + HOUR; now += 10_000) {
    const { requests, answered } = dueIn(request, now);
    const good = requests.map(({ key, metric }): MeasurementResult => {
      return { key, at: now, outcome: 'value', value: GOOD[metric] ?? [0.01] };
    });
    const next = answerTo({ request, now, measurements: [...good, ...answered] });
    yield next;
    const { currentStepIndex, phase, stableRevision, updatedRevision } = rolloutOf(next);
    if (phase === 'Healthy' && stableRevision === updatedRevision) return;
    const parent =
      phase === 'Paused' ? approved(request.parent, `${updatedRevision}:${currentStepIndex}`) : request.parent;
    request = applied({ ...request, parent }, next, new Date(now).toISOString());
  }
  throw new Error(`after an hour the rollout is not over: ${JSON.stringify(request.parent['status'])}`);
}

function approved({ metadata, ...parent }: KubeObject, value: string): KubeObject {
  const annotations = { ...metadata.annotations, [APPROVE_ANNOTATION]: value };
  return { ...parent, metadata: { ...metadata, annotations } };
}

/** These wait for a person who aborted or holds them. */
const STANDING = new Set(['canary-aborted', 'canary-held']);

describe.each(namesIn(folder))('%s', name => {
  const recorded = read<Recorded>(`${name}.json`);

  it('no pod template, selector or recorded revision changes', () => {
    const { children } = answerTo(recorded);
    const before = lastingParts(
      ['ReplicaSet', 'ControllerRevision'].flatMap(kind => observed(kind, recorded.request.children)),
    );
    expect(Object.keys(before).length).toBeGreaterThan(0);
    const after = lastingParts(children);
    expect(after).toEqual(lastingParts(recorded.answer.children));
    // What is observed may carry defaults of the API server beside.
    for (const [child, parts] of Object.entries(before)) expect(parts).toMatchObject(after[child] ?? {});
    expect(Object.keys(after)).toEqual(expect.arrayContaining(Object.keys(before)));
  });

  it('the same status but for sentences, the same children, the same next sync', () => {
    const request = writtenLongAgo(recorded.request);
    const { status, children } = answerTo({ ...recorded, request });
    const { status: _, children: _children, ...rest } = answerTo({ ...recorded, request: withStatus(request, status) });
    const { status: statusThen, children: childrenThen, ...restThen } = recorded.answer;
    expect(lastingFields(status)).toEqual(lastingFields(statusThen));
    expect(sorted(children)).toEqual(sorted(childrenThen));
    expect(rest).toEqual(restThen);
  });

  it('with this status stored the next sync asks for the same children', () => {
    const first = answerTo(recorded);
    const request = withStatus(recorded.request, first.status);
    expect(sorted(answerTo({ ...recorded, request }).children)).toEqual(sorted(first.children));
  });

  it.skipIf(STANDING.has(name))('and from there it goes on until the new revision is stable', () => {
    const { updatedRevision } = rolloutOf(recorded.answer);
    const lasting = lastingParts(recorded.answer.children);
    for (const answer of goingOn(recorded)) {
      const parts = lastingParts(answer.children);
      expect({ ...parts, ...lasting }).toMatchObject(parts);
      expect(rolloutOf(answer).updatedRevision).toBe(updatedRevision);
      expect(rolloutOf(answer).phase).not.toBe('Degraded');
    }
  });
});

const CORE_CHILDREN: ObjectMap = { 'Service.v1': {}, 'ReplicaSet.apps/v1': {}, 'ControllerRevision.apps/v1': {} };

function firstAnswer({ name, spec }: Pick<Pinned, 'name' | 'spec'>): SyncAnswer {
  const metadata = { name, namespace: 'default', uid: 'u1', generation: 1 };
  const parent: KubeObject = { apiVersion: API_VERSION, kind: KIND, metadata, spec };
  return answerTo({ request: { parent, children: CORE_CHILDREN, related: {} }, now: Date.UTC(2026, 0, 1) });
}

function digest(value: unknown): string {
  return createHash('sha256').update(canonical(value)).digest('hex');
}

/** The same, with the keys of every object the other way round. */
function backwards<T>(value: T): T {
  if (Array.isArray(value)) return value.map(backwards) as T;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).reverse();
  return Object.fromEntries(entries.map(([key, member]) => [key, backwards(member)])) as T;
}

describe.each(read<readonly Pinned[]>('hashes.json'))('hashes of $title', pinned => {
  it.each([
    ['as written', pinned],
    ['with keys in another order', backwards(pinned)],
  ])('%s', (_, { name, spec }) => {
    const { status, children } = firstAnswer({ name, spec });
    const { revision, stepsHash, setupHash } = pinned;
    expect(rolloutOf({ status }).updatedRevision).toBe(revision);
    expect(status['bookkeeping']).toMatchObject({ stepsHash, setupHash });
    const sets = ofKind('ReplicaSet', children);
    expect(sets.map(({ metadata }) => metadata.labels?.[REVISION_LABEL])).toEqual(sets.map(() => revision));
    const pods = sets.map(({ metadata, ...set }) => {
      const { selector, template } = set['spec'] as Readonly<Record<string, unknown>>;
      return [metadata.name, digest({ selector, template })];
    });
    expect(Object.fromEntries(pods)).toEqual(pinned.replicaSets);
    const records = ofKind('ControllerRevision', children);
    expect(
      Object.fromEntries(records.map(({ metadata, ...record }) => [metadata.name, digest(record['data'])])),
    ).toEqual(pinned.controllerRevisions);
  });
});

describe('routes that were seen before are known again', () => {
  it.each(namesIn(`${folder}/routes`))('%s', name => {
    const { routeSeen, ...recorded } = read<SeenRoutes>(`routes/${name}.json`);
    expect(answerTo(recorded).status['bookkeeping']).toMatchObject({ routeSeen });
  });
});
