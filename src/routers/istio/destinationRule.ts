import { asText, type Fields, fields, objects } from '../../schema/json.js';
import { REVISION_LABEL } from '../../schema/names.js';
import { findIn, type RouteName } from '../child.js';
import type { RouterContext, TrafficTarget } from '../router.js';
import { subsetsOf } from './hosts.js';
import { ISTIO_API, type IstioConfig } from './schema.js';

export function ruleName({ name }: NonNullable<IstioConfig['destinationRule']>): RouteName {
  return { apiVersion: ISTIO_API, kind: 'DestinationRule', name };
}

/** The user's spec with the two subsets, each selecting one revision; traffic policies written for them are kept. */
export function ruleSpec(
  config: IstioConfig,
  rootService: string,
  target: Pick<TrafficTarget, 'stableRevision' | 'canaryRevision'>,
): Fields {
  const spec: Fields = config.destinationRule?.spec ?? {};
  const subsets = subsetsOf(config);
  const written = objects(spec['subsets']);
  const subset = (name: string, revision: string) => ({
    ...written.find(each => each['name'] === name),
    name,
    labels: { [REVISION_LABEL]: revision },
  });
  const others = written.filter(({ name }) => name !== subsets.stable && name !== subsets.canary);
  return {
    ...spec,
    host: asText(spec['host']) ?? rootService,
    subsets: [...others, subset(subsets.stable, target.stableRevision), subset(subsets.canary, target.canaryRevision)],
  };
}

/** The revisions that the observed subsets select; a subset that is not there, or selects otherwise, is left out. */
export function observedRevisions(config: IstioConfig, context: RouterContext) {
  const rule = config.destinationRule && findIn(context.children, context, ruleName(config.destinationRule));
  const observed = objects(fields(rule?.['spec'])['subsets']);
  const revision = (name: string) =>
    asText(fields(observed.find(each => each['name'] === name)?.['labels'])[REVISION_LABEL]);
  const subsets = subsetsOf(config);
  const stableRevision = revision(subsets.stable);
  const canaryRevision = revision(subsets.canary);
  return {
    ...(stableRevision !== undefined && { stableRevision }),
    ...(canaryRevision !== undefined && { canaryRevision }),
  };
}
