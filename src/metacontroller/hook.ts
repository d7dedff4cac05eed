import type { KubeObject } from './object.js';

/**
 * Objects by kind, then by key. Kinds are written `Kind.group/version`, or `Kind.version` for the core group;
 * keys are `<namespace>/<name>` in hook version v2 and `<name>` in v1, so nothing may rely on them.
 * A kind that the controller watches is present even when it has no objects.
 */
export type ObjectMap = Readonly<Record<string, Readonly<Record<string, KubeObject>>>>;

/** Body of POST /sync (CompositeController, v1 and v2). */
export interface SyncRequest {
  readonly controller?: KubeObject;
  readonly parent: KubeObject;
  readonly children: ObjectMap;
  readonly related?: ObjectMap;
  readonly finalizing?: boolean;
}

/** Answer to POST /sync. Strict in v2: no other field may be added. */
export interface SyncAnswer {
  readonly status: Readonly<Record<string, unknown>>;
  /** Every child that shall exist. One that is observed and left out is deleted. */
  readonly children: readonly KubeObject[];
  /** Seconds until the next sync is wanted without any event; 0 or absent: none. */
  readonly resyncAfterSeconds?: number;
}

/** Body of POST /customize and /customize-pods. */
export interface CustomizeRequest {
  readonly controller?: KubeObject;
  readonly parent: KubeObject;
}

/** One rule of what else to send with a sync. `names` and `labelSelector` exclude each other. */
export interface RelatedRule {
  readonly apiVersion: string;
  readonly resource: string;
  /** Always the parent's namespace for a namespaced kind: without it v2 sends the objects of every namespace. */
  readonly namespace?: string;
  readonly names?: readonly string[];
  readonly labelSelector?: { readonly matchLabels?: Readonly<Record<string, string>> };
}

export interface CustomizeAnswer {
  readonly relatedResources: readonly RelatedRule[];
}

/** Body of POST /decorate and /decorate-pods (DecoratorController). */
export interface DecorateRequest {
  readonly controller?: KubeObject;
  readonly object: KubeObject;
  readonly attachments?: ObjectMap;
  readonly related?: ObjectMap;
  readonly finalizing?: boolean;
}

/** Answer of a DecoratorController's hook: what is null is removed, what is not named is left alone. */
export interface DecorateAnswer {
  readonly labels?: Readonly<Record<string, string | null>>;
  readonly annotations: Readonly<Record<string, string | null>>;
  readonly attachments: readonly KubeObject[];
}

/**
 * Passes a sync to the replica of the hook that measures for its StormService, and returns that replica's answer.
 * undefined: it is this one, or no other answers. A rejection ends the sync.
 */
export type Delegate = () => Promise<SyncAnswer | undefined>;

/** What a Metacontroller calls: the real one through HTTP, the sandbox in process as well. */
export interface Hook {
  /** `delegate` is called at most once, and only when there is something to measure. Absent: there are no replicas. */
  sync(request: SyncRequest, delegate?: Delegate): Promise<SyncAnswer>;
  customize(request: CustomizeRequest): Promise<CustomizeAnswer>;
  decorate(request: DecorateRequest): Promise<DecorateAnswer>;
  /** What to see of a pod: its ReplicaSet. */
  customizePod(request: CustomizeRequest): Promise<CustomizeAnswer>;
  /** Which labels and annotations of a running pod change. */
  decoratePod(request: DecorateRequest): Promise<DecorateAnswer>;
}

/** How Metacontroller applies children: its flag `--apply-strategy`. */
export type ApplyStrategy = 'dynamic-apply' | 'server-side-apply';
