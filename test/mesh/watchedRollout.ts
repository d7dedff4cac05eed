import { readSpec } from '../../src/api/readSpec.js';
import type { Spec } from '../../src/api/spec.js';
import { createHook } from '../../src/hook/hook.js';
import type { KubeObject } from '../../src/metacontroller/object.js';
import { routerFor } from '../../src/routers/routers.js';
import { KINDS, STORM_SERVICE } from '../../src/sandbox/cluster/kinds.js';
import { allowedShare } from '../../src/sandbox/mesh/allowance.js';
import { ControlPlane, type Propagation } from '../../src/sandbox/mesh/controlPlane.js';
import { type MeshRequest, requestTo } from '../../src/sandbox/mesh/request.js';
import { type Exposure, exposureOf } from '../../src/sandbox/mesh/route.js';
import { CORE_CHILDREN, createSandbox, type Sandbox, type SandboxOptions } from '../../src/sandbox/sandbox.js';
import { VirtualClock } from '../../src/sandbox/time/virtualClock.js';
import { APPROVE_ANNOTATION } from '../../src/schema/names.js';
import { manifests } from '../manifests.js';

/** Shares are fractions of whole weights. */
const ROUNDING = 1e-9;

export interface WatchedStatus {
  readonly phase?: string;
  readonly step?: string;
  readonly currentStepIndex?: number;
  readonly stableRevision?: string;
  readonly updatedRevision?: string;
  readonly canaryWeight?: number;
  readonly pause?: { readonly until?: string };
  readonly abort?: unknown;
}

/** A sample rolled out in virtual time, its routes followed by the mesh; P1 and P2 are looked at after every event. */
export class WatchedRollout {
  readonly sandbox: Sandbox;
  readonly view: ControlPlane;
  readonly request: MeshRequest;
  readonly #objects: readonly KubeObject[];
  readonly #spec: Spec;
  readonly #name: string;
  readonly #violations = new Set<string>();
  /** What the proxies were allowed to know lately: exposures may lag behind a lowered allowance by the propagation. */
  readonly #lagMs: number;
  #allowances: { readonly at: number; readonly allowed: number }[] = [];
  #serving = false;

  constructor(
    sample: string,
    host: string,
    options: { readonly propagation?: Propagation; readonly lagMs?: number } & Partial<SandboxOptions> = {},
  ) {
    const { propagation, lagMs = 0, ...sandboxOptions } = options;
    this.#objects = manifests(`samples/rollout/${sample}`).map(object => ({
      ...object,
      metadata: { namespace: 'default', ...object.metadata },
    }));
    const storm = this.#storm();
    this.#name = storm.metadata.name;
    this.#spec = specOf(storm);
    this.#lagMs = lagMs;
    const clock = new VirtualClock();
    const hook = createHook({ applyStrategy: 'dynamic-apply' }, () => clock.now());
    this.sandbox = createSandbox({
      hook,
      clock,
      childKinds: childKindsOf(this.#spec),
      kinds: KINDS,
      ...sandboxOptions,
    });
    this.view = new ControlPlane(this.sandbox, propagation);
    this.request = requestTo(host);
  }

  get violations(): readonly string[] {
    return [...this.#violations];
  }

  /** The first version, and whatever else the sample has. */
  async deploy(): Promise<void> {
    for (const object of this.#objects) await this.sandbox.apply(object);
    await this.until('the first version is Healthy', ({ phase }) => phase === 'Healthy');
    await this.sandbox.advance(5);
    this.#serving = true;
    this.#look();
  }

  async change(image: string): Promise<void> {
    await this.sandbox.apply(
      JSON.parse(JSON.stringify(this.#storm()).replace(/"image":"[^"]+"/g, `"image":"${image}"`)),
    );
    const { updatedRevision: before } = await this.status();
    await this.until('the change is seen', ({ updatedRevision }) => updatedRevision !== before);
  }

  async approve(): Promise<void> {
    const { updatedRevision, currentStepIndex } = await this.status();
    await this.annotate(APPROVE_ANNOTATION, `${updatedRevision}:${currentStepIndex}`);
  }

  async annotate(annotation: string, value: string): Promise<void> {
    await this.sandbox.annotate(this.#name, annotation, value);
  }

  async until(what: string, holds: (status: WatchedStatus) => boolean, withinSeconds = 300): Promise<void> {
    await this.sandbox.eventually(
      what,
      async () => {
        this.#look();
        return holds(await this.status());
      },
      withinSeconds,
    );
  }

  async pass(seconds: number): Promise<void> {
    await this.sandbox.runUntil(() => {
      this.#look();
      return false;
    }, seconds);
  }

  exposure(): Exposure {
    return exposureOf(this.request, this.view);
  }

  /** Part of the requests that a revision gets. */
  async shareOf(which: 'stableRevision' | 'updatedRevision'): Promise<number> {
    return this.exposure().revisions[(await this.status())[which] ?? ''] ?? 0;
  }

  async status(): Promise<WatchedStatus> {
    return statusOf(await this.sandbox.get(STORM_SERVICE, this.#name));
  }

  #storm(): KubeObject {
    const storm = this.#objects.find(({ kind }) => kind === 'StormService');
    if (storm === undefined) throw new Error('the sample has no StormService');
    return storm;
  }

  #look(): void {
    if (!this.#serving) return;
    const object = this.sandbox.cluster.get(STORM_SERVICE, `default/${this.#name}`);
    if (object === undefined) return;
    const { updatedRevision = '', step, phase } = statusOf(object);
    const { revisions, failing } = this.exposure();
    const allowed = this.#allowedLately(object);
    const share = revisions[updatedRevision] ?? 0;
    const where = `${phase}, ${step}`;
    if (share > allowed + ROUNDING) this.#violations.add(`P1: ${share} of ${allowed} at ${where}`);
    if (failing > 0) this.#violations.add(`P2: ${failing} fails at ${where}`);
  }

  #allowedLately(object: KubeObject): number {
    const at = this.sandbox.clock.now();
    this.#allowances.push({ at, allowed: allowedShare(object, this.#spec, at) });
    this.#allowances = this.#allowances.filter((each, index) => {
      const next = this.#allowances[index + 1];
      return next === undefined || next.at >= at - this.#lagMs || each.at >= at - this.#lagMs;
    });
    return Math.max(...this.#allowances.map(({ allowed }) => allowed));
  }
}

function statusOf(object: KubeObject | undefined): WatchedStatus {
  const status = (object?.['status'] ?? {}) as { readonly rolloutStatus?: WatchedStatus };
  return status.rolloutStatus ?? {};
}

function specOf({ metadata, spec }: KubeObject): Spec {
  const result = readSpec(spec, { name: metadata.name, namespace: 'default', applyStrategy: 'dynamic-apply' });
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.value;
}

function childKindsOf({ strategy }: Spec): SandboxOptions['childKinds'] & object {
  const routers = strategy.type === 'Canary' ? (strategy.trafficRouting?.routers ?? []) : [];
  const kinds = new Set(routers.flatMap(spec => [...routerFor(spec).kinds(spec.config)]));
  return [...CORE_CHILDREN, ...[...kinds].map(kind => ({ kind, method: 'InPlace' as const }))];
}
