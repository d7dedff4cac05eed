/** One sync as the planners find it, without a request: S is stable, C has the current template, both have their pods. */
import type { Spec } from '../../src/api/spec.js';
import { CONTROLLER_REVISION, REPLICA_SET, SERVICE } from '../../src/metacontroller/children.js';
import type { KubeObject } from '../../src/metacontroller/object.js';
import type { Observation } from '../../src/observe/observation.js';
import { readParent } from '../../src/observe/parent.js';
import type { Revision } from '../../src/observe/revisions.js';
import { ALL_REVISIONS } from '../../src/observe/services.js';
import type { Context } from '../../src/rollout/context.js';
import type { Position } from '../../src/rollout/position.js';
import { REVISION_LABEL } from '../../src/schema/names.js';
import type { Run } from '../../src/status/analysisRuns.js';
import { type ObservedStatus, readStatus } from '../../src/status/status.js';
import { read } from '../api/read.js';
import { type Raw, spec } from '../api/specs.js';
import { asMap } from '../traffic/cases.js';
import { runOf } from './runs.js';

export const T = Date.UTC(2026, 0, 1);
export const ABORT = { reason: 'AnalysisFailed', message: 'errors 7 %', at: '2026-01-01T00:00:00Z' } as const;

/** Desired role sets, of which all or the second number are available. */
export type Pods = number | readonly [spec: number, available: number];

export interface Given extends Partial<Omit<Context, 'position' | 'observation' | 'revisions'>> {
  /** Over four replicas. */
  readonly spec?: Raw;
  /** As with a template without ports. */
  readonly withoutRootService?: true;
  /** Of each revision, oldest first; a revision without an entry has no trace left. */
  readonly pods?: Readonly<Record<string, Pods>> | undefined;
  /** Hash of the stable revision; null: none. */
  readonly stable?: string | null;
  /** What each Service selects; * for all pods. */
  readonly services?: Readonly<Record<string, string>> | undefined;
  readonly routes?: readonly KubeObject[];
  readonly memory?: Partial<ObservedStatus>;
  readonly position?: Partial<Position>;
}

export function contextOf(given: Given = {}): Context {
  const {
    pods = { S: 4, C: 4 },
    stable = 'S',
    position,
    spec: raw,
    withoutRootService,
    services,
    routes,
    memory,
    ...rest
  } = given;
  const known = Object.entries(pods).map(([hash, each], index) => revision(hash, each, index + 1));
  const find = (hash: string) => known.find(each => each.hash === hash) ?? lost(hash);
  const updated = find('C');
  const revisions = {
    stable: stable === null ? undefined : find(stable),
    updated,
    others: known.filter(({ hash }) => hash !== 'C' && hash !== stable).reverse(),
  };
  const all = read(spec({ replicas: 4, ...raw }));
  const object = objectOf('StormService', 'my-app');
  const objects = [...servicesOf(services), ...(routes ?? [])];
  const observation: Observation = {
    parent: readParent(object),
    object,
    spec: withoutRootService ? withoutService(all) : all,
    memory: { ...readStatus({}), lost: false, ...memory },
    target: 'C',
    revisions: known,
    children: asMap(objects),
    related: {},
  };
  return {
    observation,
    now: T,
    revisions,
    commands: { pause: false },
    effects: {},
    held: false,
    reverting: false,
    setupHash: '',
    restarts: false,
    position: { step: 0, promoteFull: false, isNew: false, ...position },
    findings: { analysis: { runs: [] }, notes: [] },
    ...rest,
  };
}

/** A revision of one role, with its record and its ReplicaSet. */
export function revision(hash: string, pods: Pods, number: number): Revision {
  const [spec, available] = typeof pods === 'number' ? [pods, pods] : pods;
  const counts = { spec, replicas: spec, ready: available, available };
  const replicaSet = objectOf(REPLICA_SET, hash);
  return {
    hash,
    number,
    created: T,
    template: {},
    record: objectOf(CONTROLLER_REVISION, hash),
    roles: [{ role: '', perSet: 1, upgradeOrder: 0, ...counts, replicaSet }],
  };
}

function withoutService({ service: _, ...spec }: Spec): Spec {
  return spec;
}

/** Neither a record nor a ReplicaSet. */
function lost(hash: string): Revision {
  return { hash, number: 0, created: T, roles: [] };
}

export function objectOf(kindAndVersion: string, name: string, fields: Raw = {}): KubeObject {
  const [kind = '', ...version] = kindAndVersion.split('.');
  return { apiVersion: version.join('.'), kind, metadata: { name, namespace: 'default', uid: 'u' }, ...fields };
}

function servicesOf(services: Given['services'] = {}): readonly KubeObject[] {
  return Object.entries(services).map(([name, selects]) =>
    objectOf(SERVICE, name, {
      spec: { selector: selects === ALL_REVISIONS ? {} : { [REVISION_LABEL]: selects } },
    }),
  );
}

/** A run of C, started a minute ago, whose one metric is in the same phase. */
export function runOfC(kind: Run['kind'], phase: Run['phase'], other: Partial<Run> = {}): Run {
  return runOf({
    id: `${kind}-C`,
    kind,
    revision: 'C',
    phase,
    startedAt: '2025-12-31T23:59:00Z',
    ...(phase !== 'Running' && { finishedAt: '2025-12-31T23:59:30Z' }),
    ...other,
  });
}
