import { Type } from 'typebox';
import { checkAnnotations } from '../../schema/labels.js';
import type { Place } from '../../schema/place.js';
import { firstDraft, list, nameText, type Static, shape, textMap, whole } from '../../schema/schema.js';
import type { RoutingNames } from '../router.js';

const DEFAULT_PREFIX = 'nginx.ingress.kubernetes.io';

export const NginxSchema = shape(
  {
    stableIngress: Type.Optional(nameText({ description: 'Name of your Ingress that points at the stable Service.' })),
    stableIngresses: Type.Optional(
      list(nameText({ description: 'Name of one of your Ingresses.' }), {
        minItems: 1,
        maxItems: 20,
        description: 'Names of your Ingresses, if there are several.',
      }),
    ),
    annotationPrefix: Type.Optional(
      nameText({
        description: `Prefix of the annotations that the controller reads. Default: ${DEFAULT_PREFIX}.`,
      }),
    ),
    additionalIngressAnnotations: Type.Optional(
      textMap({ description: 'Annotations of the canary Ingress without their prefix, for example canary-by-header.' }),
    ),
    canaryIngressAnnotations: Type.Optional(
      textMap({ description: 'Annotations of the canary Ingress, with full keys.' }),
    ),
    ingress: firstDraft(nameText({ description: 'First-draft form of stableIngress.' })),
    servicePort: firstDraft(whole({ maximum: 65_535, description: 'First draft; the port of your Ingress is used.' })),
  },
  {
    description: 'Ingress NGINX: the hook creates a canary Ingress for each of yours.',
    rules: [
      {
        rule: '[has(self.stableIngress), has(self.stableIngresses), has(self.ingress)].filter(x, x).size() == 1',
        message: 'write exactly one of stableIngress and stableIngresses',
      },
    ],
  },
);

/** `trafficRouting.nginx` with all defaults, and `stableIngresses` alone. */
export type NginxConfig = ReturnType<typeof readNginx>[number];

export function readNginx(raw: Static<typeof NginxSchema>, _: RoutingNames, place: Place) {
  const { stableIngress, additionalIngressAnnotations = {}, canaryIngressAnnotations = {} } = raw;
  const stableIngresses = raw.stableIngresses ?? (stableIngress === undefined ? [] : [stableIngress]);
  if ((stableIngress === undefined) === (raw.stableIngresses === undefined)) {
    place.refuse(
      stableIngress === undefined ? 'no Ingress is named' : 'stableIngress and stableIngresses are both written',
      'write exactly one of stableIngress and stableIngresses',
    );
  }
  if (new Set(stableIngresses).size < stableIngresses.length) {
    place.at('stableIngresses').refuse('an Ingress is listed twice', 'list every Ingress once');
  }
  checkAnnotations(additionalIngressAnnotations, place.at('additionalIngressAnnotations'));
  checkAnnotations(canaryIngressAnnotations, place.at('canaryIngressAnnotations'));
  const annotationPrefix = raw.annotationPrefix ?? DEFAULT_PREFIX;
  return [{ stableIngresses, annotationPrefix, additionalIngressAnnotations, canaryIngressAnnotations }];
}
