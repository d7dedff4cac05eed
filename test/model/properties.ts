/** The promises, checked on every step from one state to the next that the hook is responsible for. */
import { largestShares } from './ghost.js';
import { clusterOf, hashOf, type Model, specOf } from './model.js';
import { permissionIn } from './permission.js';
import { keptOf, podsByRevision, type State } from './state.js';
import { unnoticed } from './stuck.js';
import { maxWeightOf, type Traffic, trafficOf } from './traffic.js';

/** What a sync, applied in part or whole, has broken. */
export function violations(model: Model, before: State, after: State): readonly string[] {
  const { stuck } = after.ghost;
  return [
    ...exposure(model, before, after),
    ...blackHoles(model, before, after),
    ...costs(model, before, after),
    ...(stuck ? unnoticed(model, keptOf(after), stuck) : []),
  ];
}

/** P1 and P4: nobody gets more than people have let it have. */
function exposure(model: Model, before: State, after: State): readonly string[] {
  const target = hashOf(model, before.template);
  const permission = permissionIn(model, before);
  const [was, is] = [before, after].map(state => trafficOf(clusterOf(model, state))) as [Traffic, Traffic];
  const safe = new Set([before.ghost.stable, ...was.stable]);
  const weightOf = (traffic: Traffic, revision: string) =>
    traffic.canary.includes(revision) ? Math.max(0, ...traffic.weights) : 0;
  const raised = is.canary.filter(revision => {
    if (safe.has(revision) || weightOf(is, revision) <= weightOf(was, revision)) return false;
    return revision !== target || weightOf(is, revision) > permission.weight;
  });
  const promoted = is.stable.filter(revision => !safe.has(revision) && !(revision === target && permission.promotion));
  const shown =
    !was.managed && is.managed && !is.canary.every(each => safe.has(each) || (each === target && permission.header));
  const { stableRevision } = keptOf(after).rolloutStatus ?? {};
  const named = stableRevision === undefined || safe.has(stableRevision) || after.status === before.status;
  return [
    ...raised.map(revision => `P1: ${revision} has weight ${weightOf(is, revision)}, ${permission.weight} is allowed`),
    ...(shown ? ['P1: a header route leads to the canary'] : []),
    ...promoted.map(revision => `P4: the stable destination selects ${revision}`),
    ...(named || (stableRevision === target && permission.promotion) ? [] : [`P4: ${stableRevision} is called stable`]),
  ];
}

/** P2: what gets a larger share has the pods for it, and nobody loses pods that its share needs. */
function blackHoles(model: Model, before: State, after: State): readonly string[] {
  const spec = specOf(model, before.template);
  const maxWeight = maxWeightOf(spec);
  const [had, has] = [before, after].map(({ ghost }) => largestShares(ghost.recent, maxWeight));
  const [podsBefore, podsAfter] = [podsByRevision(before), podsByRevision(after)];
  return [...(has ?? [])].flatMap(([revision, share]) => {
    const { spec: wanted, available } = podsAfter.get(revision) ?? { spec: 0, available: 0 };
    const some = isReached(after, revision);
    const needed = Math.max(Math.ceil((share * spec.replicas) / maxWeight), some ? 1 : 0);
    const more = share > (had?.get(revision) ?? 0) || (some && !isReached(before, revision));
    const raised = more && available < needed;
    const shrunk = wanted < (podsBefore.get(revision)?.spec ?? 0) && wanted < needed;
    return [
      ...(raised ? [`P2: ${revision} is given ${share} with ${available} of ${needed} pods`] : []),
      ...(shrunk ? [`P2: ${revision} has ${share} and shrinks to ${wanted} of ${needed} pods`] : []),
    ];
  });
}

/** By clients that bypass the router, or by header or mirror routes: whatever the weight is. */
function isReached({ ghost: { recent } }: State, revision: string): boolean {
  return recent.stable.includes(revision) || (recent.managed && recent.canary.includes(revision));
}

/** P3: no revision has more than spec.replicas, and only the stable and the new one grow. */
function costs(model: Model, before: State, after: State): readonly string[] {
  const target = hashOf(model, before.template);
  const { stable } = trafficOf(clusterOf(model, before));
  const grows = new Set([target, before.ghost.stable, ...stable]);
  const was = podsByRevision(before);
  return [...podsByRevision(after)].flatMap(([revision, { spec }]) => {
    const more = spec > (was.get(revision)?.spec ?? 0);
    return [
      ...(more && spec > model.replicas ? [`P3: ${revision} grows to ${spec}`] : []),
      ...(more && !grows.has(revision) ? [`P3: ${revision} grows and is neither stable nor new`] : []),
    ];
  });
}

/** P5: whether a state in which nothing moves any more is where the rollout should be. */
export function endProblems(model: Model, state: State): readonly string[] {
  const target = hashOf(model, state.template);
  const { rolloutStatus: rollout = {}, bookkeeping: kept = {} } = keptOf(state);
  const { stable, canary, weights, managed } = trafficOf(clusterOf(model, state));
  const over = rollout.stableRevision === target || rollout.abort !== undefined;
  const gate = model.gates.indexOf(kept.gate?.step ?? -1);
  const weight = over ? 0 : (model.allowed[gate] ?? -1);
  const second = over ? state.ghost.stable : target;
  // Blue-green leaves the active Service with a third revision, which was about to be promoted, until the next switch.
  const first = model.rollsBackAtOnce && !over ? (stable[0] ?? '') : state.ghost.stable;
  const pods = podsByRevision(state);
  const { available } = pods.get(first) ?? { available: 0 };
  const needed = Math.max(1, Math.ceil(((100 - weight) * model.replicas) / 100));
  const leftOver = [...pods].filter(
    ([hash, { spec }]) => spec > 0 && ![first, second, state.ghost.stable].includes(hash),
  );
  const expectations: readonly (readonly [boolean, string])[] = [
    [rollout.updatedRevision === target, 'status is not about the present template'],
    [over || gate >= (model.rollsBackAtOnce ? 0 : state.ghost.passed), `stuck at step ${rollout.currentStepIndex}`],
    [canary.length === 0 || weights.every(each => each === weight), `weight ${weights} instead of ${weight}`],
    [stable.every(each => each === first), `stable selects ${stable}`],
    [canary.every(each => each === second), `canary selects ${canary}`],
    [managed === (model.header === true && !over), 'header routes are wrong'],
    [available >= needed, `stable has ${available} of ${needed} pods`],
    [leftOver.length === 0, `${leftOver.map(([hash]) => hash)} still has pods`],
  ];
  return expectations.flatMap(([met, text]) => (met ? [] : [`P5: ${text}`]));
}
