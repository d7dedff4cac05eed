import type { KubeObject } from '../../../src/metacontroller/object.js';
import type { JsonObject } from '../../../src/schema/json.js';
import { API_VERSION } from '../../../src/schema/names.js';

/** Where one hostile StormService is, and what it can reach. */
export interface Site {
  readonly namespace: string;
  readonly name: string;
  /** Of all attackers. */
  readonly index: number;
  /** Hostile servers: one for each number from 2 to 250. */
  readonly hostile: (host: number) => string;
  /** The metrics system that the good StormServices measure with. */
  readonly good: string;
  readonly hook: string;
  readonly hookMetrics: string;
}

/** One kind of attack, made by several StormServices at once. */
export interface Attack {
  readonly name: string;
  readonly count: number;
  /** As JSON text where it is too much to be made as objects. */
  readonly spec: (site: Site) => JsonObject | string;
  /** Objects beside the StormService, such as its templates: related to every sync. */
  readonly related?: (site: Site) => readonly (KubeObject | string)[];
  /** What is there before the first sync. */
  readonly children?: (site: Site) => readonly KubeObject[];
  /** What status shows, at some time, when the attack takes place: it must not be refused for another reason. */
  readonly shows?: RegExp;
  /** Statuses of HTTP with which the hook may refuse it, besides 200. */
  readonly refusedWith?: readonly number[];
}

export function object(site: Site, kind: string, name: string, content: JsonObject): KubeObject {
  const apiVersion = kind === 'Secret' ? 'v1' : API_VERSION;
  return { apiVersion, kind, metadata: { name, namespace: site.namespace, uid: `${kind}-${name}` }, ...content };
}

export function podTemplate(container: JsonObject = {}, pod: JsonObject = {}): JsonObject {
  return {
    metadata: { labels: { app: 'hostile' } },
    spec: { containers: [{ name: 'web', image: 'app:1', ports: [{ containerPort: 8080 }], ...container }], ...pod },
  };
}

/** One pod, and a strategy. */
export function specWith(rolloutStrategy: JsonObject, template = podTemplate()): JsonObject {
  return { replicas: 1, progressDeadlineSeconds: 3600, template, rolloutStrategy };
}

/** Measures for as long as it can, whatever comes of it. */
export function measuring(metrics: readonly JsonObject[], more: JsonObject = {}): JsonObject {
  return specWith({
    canary: { steps: [{ setWeight: 50 }, { pause: {} }], analysis: { metrics, ...more } },
    analysis: { onFirstDeployment: true },
  });
}

/** Every second, with any number of failures and errors. */
export function endless(name: string, provider: JsonObject, more: JsonObject = {}): JsonObject {
  return {
    name,
    interval: '1s',
    failureLimit: 1_000_000,
    inconclusiveLimit: 1_000_000,
    consecutiveErrorLimit: 1_000_000,
    provider,
    ...more,
  };
}

export function web(url: string, more: JsonObject = {}): JsonObject {
  return { web: { url, ...more } };
}

export function many<Item>(count: number, item: (index: number) => Item): Item[] {
  return Array.from({ length: count }, (_, index) => item(index));
}
