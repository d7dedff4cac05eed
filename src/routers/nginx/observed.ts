import { display, findIn } from '../child.js';
import { type ObservedObject, observeChild, together } from '../observedTraffic.js';
import type { ObservedTraffic, ObserverContext } from '../router.js';
import { observeAnnotations } from './annotations.js';
import { canaryName, canaryRules, ingressName } from './desired.js';
import type { NginxConfig } from './schema.js';

export function nginxObserved(config: NginxConfig, context: ObserverContext): ObservedTraffic {
  return together(config.stableIngresses.flatMap(name => observeIngress(name, config, context)));
}

/** The canary Ingress, and the user's own where it is missing. */
function observeIngress(name: string, config: NginxConfig, context: ObserverContext): readonly ObservedObject[] {
  const theirs = findIn(context.related, context, ingressName(name));
  const shown = display(context, ingressName(name));
  const ours = observeChild(context, canaryName(name, context), object =>
    observeAnnotations(object, config, context.maxWeight),
  );
  if (theirs === undefined) return [{ name: shown }, ours];
  if (ours.carries !== undefined || canaryRules(theirs, context).length > 0) return [ours];
  const reason = `${shown} has no path that points at the Service ${context.stableService}`;
  return [{ name: `${ours.name} (${reason})` }];
}
