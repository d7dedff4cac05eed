import { text } from '../../schema/json.js';
import { display, findIn } from '../child.js';
import type { ObservedTraffic, Router, RouterContext, TrafficTarget } from '../router.js';
import { pairOf, together } from '../weights.js';
import { identityOf, type TemplateConfig } from './config.js';
import { readWeights } from './observed.js';
import type { Values } from './placeholders.js';
import { templateProblems } from './problems.js';
import { renderTemplate } from './render.js';

export const template: Router<TemplateConfig> = {
  name: 'template',
  component: 'template',
  lacks: ['headerRoute', 'mirrorRoute'],
  kinds: ({ object }) => [`${text(object['kind'])}.${text(object['apiVersion'])}`],
  problems: (config, path, strategy = 'dynamic-apply') => templateProblems(config, path, strategy),
  refusals: () => [],
  rootService: () => 'stable',
  related: () => [],
  desired: (config, target, context) => [renderTemplate(config, valuesOf(target, context), context.parent)],

  observed: (config, context): ObservedTraffic => {
    const identity = identityOf(config, context.parent);
    const found = findIn(context.children, context, identity);
    const name = display(context, identity.kind, identity.name);
    if (found === undefined) return together([{ name, found: false }]);
    const values = { ...servicesOf(context), stableRevision: '', canaryRevision: '', stableWeight: 0, canaryWeight: 0 };
    const read = readWeights(config, found, values);
    if (!read.ok) {
      // Nothing is known of the weight, so nothing is agreed.
      const traffic = together([{ name, found: true, weights: [], refused: `${name}: ${read.reason}` }]);
      return traffic.state === 'present' ? { ...traffic, agreed: false } : traffic;
    }
    return together([{ name, found: true, weights: read.weights.map(Math.ceil) }]);
  },
};

function servicesOf({ stableService, canaryService }: RouterContext) {
  return { stableService, canaryService };
}

function valuesOf(target: TrafficTarget, context: RouterContext): Values {
  const { stable, canary } = pairOf(target);
  const { stableRevision, canaryRevision } = target;
  return { ...servicesOf(context), stableRevision, canaryRevision, stableWeight: stable, canaryWeight: canary };
}
