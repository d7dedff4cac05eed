import type { KubeObject } from '../metacontroller/object.js';
import type { JsonObject } from '../schema/json.js';
import type { KindKey } from './cluster/kinds.js';
import type { Labels } from './cluster/labels.js';

/** `my-app` in the namespace default, or `team/my-app`. */
export type Name = string;

/** What a test may know about a pod on any cluster. */
export interface PodView {
  readonly name: string;
  readonly namespace: string;
  readonly labels: Labels;
  readonly phase: string;
  readonly ready: boolean;
}

/**
 * What a whole-rollout test does to a cluster and asks of it. The sandbox implements it in virtual time, a control plane
 * of its own by kubectl and HTTP; the same test body runs on both.
 *
 * All verbs that change something take effect before they resolve; their consequences follow with time.
 */
export interface TestCluster {
  /** `kubectl apply` of any object. Refused as the API server would refuse it. */
  apply(object: KubeObject): Promise<void>;
  /** Sets an annotation of a StormService; null removes it. */
  annotate(stormService: Name, annotation: string, value: string | null): Promise<void>;
  /** A merge patch of a StormService. */
  patch(stormService: Name, patch: JsonObject): Promise<void>;
  /** Another image in every container of this name in the template: a new revision. */
  setImage(stormService: Name, container: string, image: string): Promise<void>;
  scale(stormService: Name, replicas: number): Promise<void>;
  delete(kind: KindKey, name: Name, cascade?: 'background' | 'orphan'): Promise<void>;

  get(kind: KindKey, name: Name): Promise<KubeObject | undefined>;
  /** Objects of one namespace, by labels. */
  list(kind: KindKey, labels?: Labels, namespace?: string): Promise<readonly KubeObject[]>;
  /** Pods of one namespace that are not terminating, by labels. */
  pods(labels?: Labels, namespace?: string): Promise<readonly PodView[]>;
  /** Pods that a Service sends traffic to now. */
  endpoints(service: Name): Promise<readonly PodView[]>;

  /** Waits until something holds. @throws Error that says what was awaited and how things stand, after so many seconds. */
  eventually(what: string, holds: () => Promise<boolean>, withinSeconds?: number): Promise<void>;
  /** Watches that something holds all the time, for so many seconds. @throws Error as soon as it does not. */
  always(what: string, holds: () => Promise<boolean>, forSeconds: number): Promise<void>;
  /** Lets time pass. */
  advance(seconds: number): Promise<void>;
  /** Frees what the cluster holds: timers, processes. */
  close(): Promise<void>;
}
