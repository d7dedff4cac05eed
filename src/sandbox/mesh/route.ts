/** One request in, one pod out: what a proxy does with the route objects that are applied. */
import { REVISION_LABEL } from '../../schema/names.js';
import type { Pod } from '../cluster/pod.js';
import type { Random } from '../random.js';
import { DIALECTS } from './dialects.js';
import { answered, type MeshPlan, type MeshTarget, type Share } from './plan.js';
import type { MeshRequest } from './request.js';
import { endpointsOf, type MeshView } from './view.js';

export type Routed =
  | {
      readonly outcome: 'pod';
      readonly pod: Pod;
      /** Pods that get a copy. */
      readonly mirrors: readonly Pod[];
    }
  /** No pod sees it; 503 where there is no endpoint, 404 where nothing is routed. */
  | { readonly outcome: 'answer'; readonly code: number; readonly reason: string };

/** Where this request goes, the choice among weights and endpoints made by `random`. */
export function route(request: MeshRequest, view: MeshView, random: Random): Routed {
  const { shares, mirrors } = planOf(request, view);
  const target = pick(shares, random);
  if (target.kind === 'answer') return { outcome: 'answer', code: target.code, reason: target.reason };
  const pod = endpointOf(target, view, random);
  if (pod === undefined) return { outcome: 'answer', code: 503, reason: `no endpoint of ${target.service.name}` };
  if (!view.answers(pod)) return { outcome: 'answer', code: 503, reason: `${pod.name} does not answer` };
  const copies = mirrors.flatMap(mirror => (random() < mirror.share ? [endpointOf(mirror.target, view, random)] : []));
  return { outcome: 'pod', pod, mirrors: copies.filter(copy => copy !== undefined) };
}

/** Which shares of requests like this one go where, computed rather than sampled. */
export interface Exposure {
  /** By revision; revisions that get none are left out. */
  readonly revisions: Readonly<Record<string, number>>;
  /** What no pod answers. */
  readonly failing: number;
  /** Copies by revision, in parts of the requests. */
  readonly mirrored: Readonly<Record<string, number>>;
}

export function exposureOf(request: MeshRequest, view: MeshView): Exposure {
  const { shares, mirrors } = planOf(request, view);
  const served = byRevision(shares, view);
  const { [NOBODY]: failing = 0, ...revisions } = served;
  const { [NOBODY]: _, ...mirrored } = byRevision(mirrors, view);
  return { revisions, failing, mirrored };
}

const NOBODY = '';

function byRevision(shares: readonly Share[], view: MeshView): Readonly<Record<string, number>> {
  const parts = shares.flatMap(({ share, target }) => {
    const pods = target.kind === 'answer' ? [] : endpointsOf(target.service, view, target.labels);
    if (pods.length === 0) return [[NOBODY, share] as const];
    return pods.map(pod => [view.answers(pod) ? revisionOf(pod) : NOBODY, share / pods.length] as const);
  });
  const sums: Record<string, number> = {};
  for (const [revision, part] of parts) sums[revision] = (sums[revision] ?? 0) + part;
  return sums;
}

export function revisionOf({ labels }: Pod): string {
  return labels[REVISION_LABEL] ?? 'no revision';
}

/** What the first dialect that knows the host says; a host that none knows is nobody's. */
function planOf(request: MeshRequest, view: MeshView): MeshPlan {
  for (const dialect of DIALECTS) {
    const plan = dialect.plan(request, view);
    if (plan !== undefined) return plan;
  }
  return answered(404, `nothing is routed for ${request.host}`);
}

function pick(shares: readonly Share[], random: Random): MeshTarget {
  let drawn = random();
  for (const { share, target } of shares) {
    drawn -= share;
    if (drawn < 0) return target;
  }
  // Shares are fractions: their sum may fall short of 1 by a rounding error.
  return shares.at(-1)?.target ?? { kind: 'answer', code: 503, reason: 'no destination' };
}

function endpointOf(target: MeshTarget, view: MeshView, random: Random): Pod | undefined {
  if (target.kind === 'answer') return undefined;
  const pods = endpointsOf(target.service, view, target.labels);
  return pods[Math.floor(random() * pods.length)];
}
