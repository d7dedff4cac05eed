import type { Hook } from '../../metacontroller/hook.js';
import type { KubeObject } from '../../metacontroller/object.js';
import { FIELD_MANAGER } from '../../metacontroller/unchanged.js';
import { ApiError } from '../cluster/apiError.js';
import type { Cluster } from '../cluster/cluster.js';
import { STORM_SERVICE } from '../cluster/kinds.js';
import type { ObjectKey } from '../cluster/objectKey.js';
import type { Clock } from '../time/clock.js';
import { AnswerError, readDecorateAnswer } from './answer.js';
import { decoratorController } from './controllerObject.js';
import { decorateRequest, type HookVersion } from './envelope.js';
import { WorkQueue } from './workQueue.js';

export interface DecoratorOptions {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly hook: () => Hook;
  readonly hookVersion: HookVersion;
  /** Only objects that have it are decorated. */
  readonly annotation: string;
  readonly watchLatency: () => number;
}

/** A DecoratorController of StormServices: sets and removes annotations of the object itself. */
export class Decorator {
  readonly #options: DecoratorOptions;
  readonly #controller: KubeObject;

  constructor(options: DecoratorOptions) {
    const { cluster, clock, hookVersion, annotation } = options;
    this.#options = options;
    this.#controller = decoratorController(cluster.discovery, annotation, hookVersion);
    const queue = new WorkQueue(clock, key => this.#sync(key));
    cluster.watch(({ kind, key, after }) => {
      if (kind === STORM_SERVICE && this.#selects(after)) queue.add(key, options.watchLatency());
    });
  }

  #selects(object: KubeObject | undefined): boolean {
    return object?.metadata.annotations?.[this.#options.annotation] !== undefined;
  }

  async #sync(key: ObjectKey): Promise<void> {
    const { cluster, hook, hookVersion } = this.#options;
    const object = cluster.get(STORM_SERVICE, key);
    if (object === undefined || !this.#selects(object)) return;
    const request = decorateRequest(this.#controller, object);
    const { annotations, attachments } = readDecorateAnswer(await hook().decorate(request), hookVersion);
    if (attachments.length > 0) throw new AnswerError('decorate: the controller has no attachments');
    const wanted = changed(object.metadata.annotations ?? {}, annotations);
    if (wanted !== undefined) update(cluster, { ...object, metadata: { ...object.metadata, annotations: wanted } });
  }
}

/** null removes, a text sets, what is not named stays; undefined when that changes nothing. */
export function changed(
  annotations: Readonly<Record<string, string>>,
  answer: Readonly<Record<string, string | null>>,
): Readonly<Record<string, string>> | undefined {
  const wanted = new Map(Object.entries(annotations));
  for (const [key, value] of Object.entries(answer)) {
    if (value === null) wanted.delete(key);
    else wanted.set(key, value);
  }
  const same =
    wanted.size === Object.keys(annotations).length && [...wanted].every(([key, value]) => annotations[key] === value);
  return same ? undefined : Object.fromEntries(wanted);
}

/** A conflict is swallowed: the change that caused it brings the object back. */
function update(cluster: Cluster, object: KubeObject): void {
  try {
    cluster.update(object, FIELD_MANAGER);
  } catch (error) {
    if (!(error instanceof ApiError) || !['Conflict', 'NotFound'].includes(error.reason)) throw error;
  }
}
