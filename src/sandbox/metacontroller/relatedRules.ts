import { kindOf } from '../../metacontroller/children.js';
import type { CustomizeAnswer, Hook, RelatedRule } from '../../metacontroller/hook.js';
import type { KubeObject } from '../../metacontroller/object.js';
import type { Cluster } from '../cluster/cluster.js';
import type { KindKey } from '../cluster/kinds.js';
import { matchesLabels } from '../cluster/labels.js';
import type { Clock } from '../time/clock.js';
import { AnswerError, readCustomizeAnswer } from './answer.js';
import type { HookVersion, ObjectGroups } from './envelope.js';

/** How long Metacontroller remembers an answer to customize. */
const CACHE_MS = 20 * 60 * 1000;

export interface RelatedRulesOptions {
  /** The customize hook: absent, that of StormServices. */
  readonly customize?: (hook: Hook) => Hook['customize'];
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly version: HookVersion;
  readonly controller: KubeObject;
}

/** customize: asked once per uid and generation of the parent, and answered from memory after that. */
export class RelatedRules {
  readonly #options: RelatedRulesOptions;
  readonly #cache = new Map<string, { readonly answer: CustomizeAnswer; readonly until: number }>();

  constructor(options: RelatedRulesOptions) {
    this.#options = options;
  }

  async rulesOf(parent: KubeObject, hook: Hook): Promise<readonly RelatedRule[]> {
    const cached = this.#cached(parent);
    if (cached !== undefined) return cached;
    const { controller, clock, version, customize = each => each.customize } = this.#options;
    const answer = readCustomizeAnswer(await customize(hook)({ controller, parent }), version);
    this.#dropExpired();
    this.#cache.set(cacheKey(parent), { answer, until: clock.now() + CACHE_MS });
    return answer.relatedResources;
  }

  /** The related objects of every rule, as a cache that is so many changes behind has them. */
  list(rules: readonly RelatedRule[], parent: KubeObject, changesAgo: number): ObjectGroups {
    const { cluster } = this.#options;
    const groups = new Map<KindKey, readonly KubeObject[]>();
    for (const rule of rules) {
      const kind = kindOf(cluster.discovery.resource(rule.apiVersion, rule.resource));
      refuseMixed(rule);
      const found = cluster.listEarlier(kind, changesAgo).filter(object => this.#matches(rule, parent, object));
      const group = groups.get(kind) ?? [];
      groups.set(kind, [...group, ...found.filter(object => !group.includes(object))]);
    }
    return groups;
  }

  /** Whether a changed object is one that this parent asked for. Parents never asked count as not interested. */
  concerns(parent: KubeObject, object: KubeObject): boolean {
    return (this.#cached(parent) ?? []).some(
      rule => this.#matchesKind(rule, object) && this.#matches(rule, parent, object),
    );
  }

  clear(): void {
    this.#cache.clear();
  }

  #dropExpired(): void {
    const now = this.#options.clock.now();
    for (const [key, { until }] of this.#cache) if (until <= now) this.#cache.delete(key);
  }

  #cached(parent: KubeObject): readonly RelatedRule[] | undefined {
    const cached = this.#cache.get(cacheKey(parent));
    return cached !== undefined && cached.until > this.#options.clock.now()
      ? cached.answer.relatedResources
      : undefined;
  }

  #matchesKind(rule: RelatedRule, object: KubeObject): boolean {
    const { resource } = this.#options.cluster.discovery.kind(kindOf(object));
    return rule.apiVersion === object.apiVersion && rule.resource === resource;
  }

  /** In v2 a rule without namespace means every namespace; in v1 the parent's is the only one. */
  #matches(rule: RelatedRule, parent: KubeObject, { metadata }: KubeObject): boolean {
    const namespace = this.#options.version === 'v1' ? parent.metadata.namespace : rule.namespace;
    if (namespace !== undefined && metadata.namespace !== undefined && metadata.namespace !== namespace) return false;
    const named = rule.names === undefined || rule.names.length === 0 || rule.names.includes(metadata.name);
    return named && matchesLabels(metadata.labels, rule.labelSelector?.matchLabels ?? {});
  }
}

function refuseMixed(rule: RelatedRule): void {
  if ((rule.names?.length ?? 0) > 0 && rule.labelSelector !== undefined) {
    throw new AnswerError(`customize: a rule for ${rule.resource} has both names and labelSelector`);
  }
}

function cacheKey({ metadata }: KubeObject): string {
  return `${metadata.uid}/${metadata.generation}`;
}
