import { isDeepStrictEqual } from 'node:util';
import type { ApplyStrategy, Hook, SyncAnswer, SyncRequest } from '../../metacontroller/hook.js';
import type { KubeObject } from '../../metacontroller/object.js';
import { FIELD_MANAGER } from '../../metacontroller/unchanged.js';
import { ApiError } from '../cluster/apiError.js';
import type { Cluster } from '../cluster/cluster.js';
import { STORM_SERVICE } from '../cluster/kinds.js';
import { keyOf, type ObjectKey } from '../cluster/objectKey.js';
import type { Write } from '../cluster/store.js';
import type { Fault, Faults } from '../faults.js';
import type { Random } from '../random.js';
import type { Clock } from '../time/clock.js';
import { readSyncAnswer } from './answer.js';
import { type ChildApplier, childApplier } from './childApplier.js';
import { claimChildren, controllerOf, SELECTOR_LABEL } from './claim.js';
import { Client } from './client.js';
import { type ChildKind, compositeController } from './controllerObject.js';
import { type HookVersion, syncRequest } from './envelope.js';
import { labelled, type ManageOptions, manageChildren } from './manageChildren.js';
import { RelatedRules } from './relatedRules.js';
import { WorkQueue } from './workQueue.js';

export interface MetacontrollerOptions {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly random: Random;
  readonly hook: Hook;
  /** A new hook process in the place of the old one. */
  readonly restartHook: () => Hook;
  readonly applyStrategy: ApplyStrategy;
  readonly hookVersion: HookVersion;
  readonly childKinds: readonly ChildKind[];
  /** Whether a change of a parent's status alone causes no sync. */
  readonly ignoreStatusChanges: boolean;
  readonly faults: Faults;
  /** How long a change takes until it reaches the controller, in milliseconds. */
  readonly watchLatency: () => number;
  readonly report: (sync: SyncReport) => void;
}

/** One sync, when it is over. `answer` is missing when the hook gave none. */
export interface SyncReport {
  readonly number: number;
  readonly parent: ObjectKey;
  readonly request?: SyncRequest;
  readonly answer?: SyncAnswer;
  readonly failure?: Error;
}

/** Metacontroller stopped in the middle of a sync. */
export class Crash extends Error {
  override readonly name = 'Crash';
}

/** A CompositeController of StormServices: calls the hook and applies what it answers, as Metacontroller does. */
export class Metacontroller {
  readonly #options: MetacontrollerOptions;
  readonly #controller: KubeObject;
  readonly #queue: WorkQueue;
  readonly #rules: RelatedRules;
  readonly #applier: ChildApplier;
  #hook: Hook;
  #syncs = 0;

  /** @throws ApiError NoKind: one child kind that the cluster lacks stops the whole controller. */
  constructor(options: MetacontrollerOptions) {
    const { cluster, clock, hookVersion: version } = options;
    this.#options = options;
    this.#hook = options.hook;
    this.#controller = compositeController(cluster.discovery, options);
    this.#queue = new WorkQueue(clock, key => this.#sync(key));
    this.#rules = new RelatedRules({ cluster, clock, version, controller: this.#controller });
    this.#applier = childApplier(options.applyStrategy);
    cluster.watch(write => this.#observe(write));
  }

  /** Syncs so far. */
  get syncs(): number {
    return this.#syncs;
  }

  get hook(): Hook {
    return this.#hook;
  }

  /** Forgets everything and looks at every parent anew. */
  restart(): void {
    this.#rules.clear();
    this.#applier.clear();
    this.#queue.clear();
    this.resync();
  }

  restartHook(): void {
    this.#hook = this.#options.restartHook();
  }

  /** What `resyncPeriodSeconds` does at intervals: every parent is synced without any event. */
  resync(): void {
    for (const parent of this.#parents()) this.#queue.add(keyOf(parent));
  }

  #parents(): readonly KubeObject[] {
    return this.#options.cluster.list(STORM_SERVICE);
  }

  #observe({ kind, key, before, after }: Write): void {
    if (kind === STORM_SERVICE && this.#options.ignoreStatusChanges && isOfStatus(before, after)) return;
    const keys = kind === STORM_SERVICE ? [key] : this.#interested(before, after);
    for (const parent of new Set(keys)) this.#queue.add(parent, this.#options.watchLatency());
  }

  /** Parents of a changed child, and those that asked for it through customize. */
  #interested(...versions: readonly (KubeObject | undefined)[]): readonly ObjectKey[] {
    const present = versions.filter(version => version !== undefined);
    const uids = present.map(object => controllerOf(object)?.uid ?? object.metadata.labels?.[SELECTOR_LABEL]);
    return this.#parents()
      .filter(
        parent => uids.includes(parent.metadata.uid) || present.some(object => this.#rules.concerns(parent, object)),
      )
      .map(keyOf);
  }

  async #sync(key: ObjectKey): Promise<void> {
    this.#syncs += 1;
    const number = this.#syncs;
    const fault = this.#options.faults({ number, parent: key });
    const report: { -readonly [Field in keyof SyncReport]: SyncReport[Field] } = { number, parent: key };
    try {
      if (fault.restartHook) this.restartHook();
      await this.#syncParent(key, fault, report);
    } catch (error) {
      report.failure = error instanceof Error ? error : new Error(String(error));
      if (error instanceof Crash) this.restart();
      else throw error;
    } finally {
      this.#options.report(report);
      this.#catchUp(key, fault);
    }
  }

  /** A cache that was behind gets the missing events later, and each of them causes a sync. */
  #catchUp(key: ObjectKey, fault: Fault): void {
    const stale = (fault.staleParent ?? 0) > 0 || (fault.staleChildren ?? 0) > 0;
    if (stale || fault.repeat) this.#queue.add(key, fault.repeat ? 0 : this.#options.watchLatency());
  }

  async #syncParent(
    key: ObjectKey,
    fault: Fault,
    report: Partial<Record<'request' | 'answer', unknown>>,
  ): Promise<void> {
    const { cluster, childKinds, hookVersion: version } = this.#options;
    const parent = cluster.listEarlier(STORM_SERVICE, fault.staleParent ?? 0).find(object => keyOf(object) === key);
    if (parent === undefined) return;
    const behind = fault.staleChildren ?? 0;
    const kinds = childKinds.map(({ kind }) => kind);
    const children = claimChildren(cluster, parent, kinds, behind);
    if (fault.lose === 'request') throw new Error('the hook cannot be reached');
    const rules = await this.#rules.rulesOf(parent, this.#hook);
    const related = this.#rules.list(rules, parent, behind);
    const request = syncRequest(this.#controller, parent, children, related, version);
    report.request = request;
    const answer = readSyncAnswer(await this.#hook.sync(request), parent, version);
    report.answer = answer;
    if (fault.lose === 'answer') throw new Error('the connection broke before the answer arrived');
    if ((answer.resyncAfterSeconds ?? 0) > 0) this.#queue.addAfter(key, answer.resyncAfterSeconds ?? 0);
    const desired = labelled(answer.children, parent);
    const attempt = countAttempts(fault);
    const failures = manageChildren(this.#managing(attempt, fault), parent, children, desired);
    if (!fault.loseStatus) this.#writeStatus(parent, answer.status, attempt);
    if (failures.length > 0) throw new AggregateError(failures, failures.map(({ message }) => message).join('; '));
  }

  #managing(attempt: () => void, { refuse }: Fault): ManageOptions {
    const { cluster, random, childKinds } = this.#options;
    const methods = new Map(childKinds.map(({ kind, method }) => [kind, method]));
    const client = new Client(cluster, write => {
      attempt();
      if (refuse?.(write)) throw new ApiError('ServiceUnavailable', `${keyOf(write.child)}: the API server is busy`);
    });
    return { client, random, applier: this.#applier, methodOf: kind => methods.get(kind) ?? 'OnDelete' };
  }

  /** Replaced whole in the stored object, whatever its version is by now; nothing is written when it is the same. */
  #writeStatus(parent: KubeObject, status: SyncAnswer['status'], attempt: () => void): void {
    const { cluster } = this.#options;
    const live = cluster.get(STORM_SERVICE, keyOf(parent));
    if (live === undefined || live.metadata.uid !== parent.metadata.uid) return;
    const next = { ...status, observedGeneration: parent.metadata.generation };
    if (isDeepStrictEqual(live['status'], next)) return;
    attempt();
    cluster.updateStatus({ ...live, status: next }, FIELD_MANAGER);
  }
}

/** Neither its spec nor its labels nor its annotations have changed. */
function isOfStatus(before: KubeObject | undefined, after: KubeObject | undefined): boolean {
  if (before === undefined || after === undefined || after.metadata.deletionTimestamp !== undefined) return false;
  const [was, is] = [before.metadata, after.metadata];
  return (
    was.generation === is.generation &&
    isDeepStrictEqual(was.labels ?? {}, is.labels ?? {}) &&
    isDeepStrictEqual(was.annotations ?? {}, is.annotations ?? {})
  );
}

/** Counts attempts to write; the one after the last allowed is a crash. */
function countAttempts({ crashAfterWrites = Number.POSITIVE_INFINITY }: Fault): () => void {
  let attempts = 0;
  return () => {
    if (attempts >= crashAfterWrites) throw new Crash('Metacontroller was restarted');
    attempts += 1;
  };
}
