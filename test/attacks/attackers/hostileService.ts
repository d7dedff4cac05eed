/**
 * A hostile StormService and its Metacontroller. No sandbox: what is sent again and again is prepared once, so that the
 * attackers take as little of this machine as they can.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { SyncAnswer } from '../../../src/metacontroller/hook.js';
import type { KubeObject } from '../../../src/metacontroller/object.js';
import { API_VERSION, KIND } from '../../../src/schema/names.js';
import { type Workers, withWorker } from '../workers.js';
import type { Attack, Site } from './attack.js';
import { type Answer, post } from './post.js';

/** Until Metacontroller hears of a change. */
const LATENCY_MS = 20;
/** After a failure; twice as long after each further one. */
const FIRST_RETRY_MS = 5;
/** Its author changes it so often, as a person with kubectl in a loop would. */
const CHANGED_EVERY_MS = 10_000;

/** Nobody reads a longer one, which would take the attackers longer than the hook. */
const LONGEST_ANSWER = 4 * 1024 * 1024;

const CHILD_KINDS = [
  'ReplicaSet.apps/v1',
  'Service.v1',
  'ControllerRevision.apps/v1',
  'HTTPProxy.projectcontour.io/v1',
];
const CONTROLLER = {
  apiVersion: 'metacontroller.k8s.io/v1alpha1',
  kind: 'CompositeController',
  metadata: { name: 'stormservice' },
  spec: {
    parentResource: { apiVersion: API_VERSION, resource: 'stormservices', ignoreStatusChanges: true },
    childResources: [
      { apiVersion: 'apps/v1', resource: 'replicasets' },
      { apiVersion: 'v1', resource: 'services' },
      { apiVersion: 'apps/v1', resource: 'controllerrevisions' },
      { apiVersion: 'projectcontour.io/v1', resource: 'httpproxies' },
    ],
  },
};

export class HostileService {
  readonly attack: Attack;
  /** Syncs that have ended. */
  syncs = 0;
  /** How long these have held a worker. */
  heldMs = 0;
  /** Status has shown what the attack is meant to show, or all of it is refused as it may be. */
  shown = false;
  readonly unexpected: number[] = [];
  readonly #site: Site;
  readonly #workers: Workers;
  readonly #spec: Buffer;
  readonly #related: Buffer;
  #children: readonly KubeObject[];
  #childrenText: Buffer;
  #status = '{}';
  #generation = 0;
  #changedAt = 0;
  #failures = 0;

  constructor(attack: Attack, site: Site, workers: Workers) {
    this.attack = attack;
    this.#site = site;
    this.#workers = workers;
    this.#spec = asJson(attack.spec(site));
    this.#related = grouped(attack.related?.(site) ?? [], []);
    this.#children = (attack.children?.(site) ?? []).map(child => this.#owned(child, undefined));
    this.#childrenText = grouped(this.#children, CHILD_KINDS);
  }

  /** For ever. */
  async run(): Promise<void> {
    for (;;) await sleep(await this.#sync());
  }

  /** One sync. Milliseconds until the next one. */
  async #sync(): Promise<number> {
    const now = Date.now();
    const isChanged = now - this.#changedAt >= CHANGED_EVERY_MS;
    if (isChanged) {
      this.#changedAt = now;
      this.#generation += 1;
    }
    const answer = await withWorker(this.#workers, async () => {
      const startedAt = Date.now();
      if (isChanged) await this.#call('/customize', []);
      const answered = await this.#call('/sync', [
        ',"children":',
        this.#childrenText,
        ',"related":',
        this.#related,
        ',"finalizing":false',
      ]);
      this.heldMs += Date.now() - startedAt;
      return answered;
    });
    this.syncs += 1;
    const wait = answer.status === 200 ? this.#accept(answer) : this.#refuse(answer);
    return Math.min(wait, Math.max(0, this.#changedAt + CHANGED_EVERY_MS - Date.now()));
  }

  #call(path: string, more: readonly (string | Buffer)[]): Promise<Answer> {
    const head = `{"controller":${JSON.stringify(CONTROLLER)},"parent":`;
    const pieces = [head, ...this.#parent(), ...more, '}'];
    return post(`${this.#site.hook}${path}`, pieces.map(buffer));
  }

  #parent(): readonly (string | Buffer)[] {
    const { name, namespace } = this.#site;
    const metadata = { name, namespace, uid: this.#uid, generation: this.#generation, resourceVersion: '1' };
    const head = `{"apiVersion":"${API_VERSION}","kind":"${KIND}","metadata":${JSON.stringify(metadata)}`;
    return [head, ',"spec":', this.#spec, ',"status":', this.#status, '}'];
  }

  #refuse({ status }: Answer): number {
    if (this.attack.refusedWith?.includes(status)) this.shown = true;
    else this.unexpected.push(status);
    this.#failures += 1;
    return FIRST_RETRY_MS * 2 ** this.#failures;
  }

  #accept({ body }: Answer): number {
    this.#failures = 0;
    if (body.length > LONGEST_ANSWER) {
      this.shown = true;
      return Number.POSITIVE_INFINITY;
    }
    const { status, children, resyncAfterSeconds } = JSON.parse(body) as SyncAnswer;
    this.#status = JSON.stringify(status);
    if (this.attack.shows?.test(this.#status) !== false) this.shown = true;
    if (this.#apply(children)) return LATENCY_MS;
    return resyncAfterSeconds === undefined ? Number.POSITIVE_INFINITY : resyncAfterSeconds * 1000;
  }

  /** Pods are there at once. Whether that changed anything. */
  #apply(children: readonly KubeObject[]): boolean {
    const before = this.#childrenText;
    const known = new Map(this.#children.map(child => [`${child.kind}/${child.metadata.name}`, child]));
    this.#children = children.map(child => this.#owned(child, known.get(`${child.kind}/${child.metadata.name}`)));
    this.#childrenText = grouped(this.#children, CHILD_KINDS);
    return !before.equals(this.#childrenText);
  }

  #owned(child: KubeObject, before: KubeObject | undefined): KubeObject {
    const { name, namespace } = this.#site;
    const owner = { apiVersion: API_VERSION, kind: KIND, name, uid: this.#uid, controller: true };
    const { metadata, ...content } = child;
    return {
      ...content,
      ...(child.kind === 'ReplicaSet' && { status: availableIn(child) }),
      metadata: {
        ...metadata,
        namespace,
        uid: before?.metadata.uid ?? `${child.kind}-${metadata.name}`,
        generation: 1,
        creationTimestamp: '2026-01-01T00:00:00Z',
        labels: { ...metadata.labels, 'controller-uid': this.#uid },
        ownerReferences: [owner],
      },
    };
  }

  get #uid(): string {
    return `00000000-0000-4000-9000-${String(this.#site.index).padStart(12, '0')}`;
  }
}

function availableIn({ spec }: KubeObject): object {
  const { replicas = 0 } = (spec ?? {}) as { replicas?: number };
  return { observedGeneration: 1, replicas, readyReplicas: replicas, availableReplicas: replicas };
}

/** Objects by kind and key; these kinds are there even without objects. */
function grouped(objects: readonly (KubeObject | string)[], kinds: readonly string[]): Buffer {
  const groups = new Map<string, string[]>(kinds.map(kind => [kind, []]));
  for (const [index, object] of objects.entries()) {
    const text = typeof object === 'string' ? object : JSON.stringify(object);
    const { kind, apiVersion, name } =
      typeof object === 'string' ? headOf(text) : { ...object, name: object.metadata.name };
    const key = `${kind}.${apiVersion}`;
    const group = groups.get(key) ?? [];
    group.push(`"${index}/${name}":${text}`);
    groups.set(key, group);
  }
  return Buffer.from(`{${[...groups].map(([kind, texts]) => `"${kind}":{${texts.join(',')}}`).join(',')}}`);
}

/** Of an object that is too large to be read. */
function headOf(text: string): { readonly kind: string; readonly apiVersion: string; readonly name: string } {
  const field = (name: string) => new RegExp(`"${name}":"([^"]*)"`).exec(text.slice(0, 1000))?.[1] ?? '';
  return { kind: field('kind'), apiVersion: field('apiVersion'), name: field('name') };
}

function asJson(value: object | string): Buffer {
  return Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
}

function buffer(piece: string | Buffer): Buffer {
  return typeof piece === 'string' ? Buffer.from(piece) : piece;
}
