import { Type } from 'typebox';
import type { JsonObject } from '../../schema/json.js';
import { checkAnnotations } from '../../schema/labels.js';
import type { Place } from '../../schema/place.js';
import { firstDraft, list, nameText, type Static, shape, textMap, whole } from '../../schema/schema.js';

export const NginxSchema = shape(
  {
    stableIngress: Type.Optional(nameText({ description: 'Name of your Ingress that points at the stable Service.' })),
    stableIngresses: Type.Optional(
      list(nameText({ description: 'Name of one of your Ingresses.' }), {
        minItems: 1,
        maxItems: 20,
        description: 'Names of your Ingresses, where there are several.',
      }),
    ),
    annotationPrefix: Type.Optional(
      nameText({
        description: 'Prefix of the annotations that the controller reads. Default nginx.ingress.kubernetes.io.',
      }),
    ),
    additionalIngressAnnotations: Type.Optional(
      textMap({ description: 'Annotations of the canary Ingress, without prefix: canary-by-header, for example.' }),
    ),
    canaryIngressAnnotations: Type.Optional(
      textMap({ description: 'Annotations of the canary Ingress, written in full.' }),
    ),
    ingress: firstDraft(nameText({ description: 'First-draft form of stableIngress.' })),
    servicePort: firstDraft(whole({ maximum: 65_535, description: 'First draft; the port is that of your Ingress.' })),
  },
  {
    description: 'Ingress NGINX: a canary Ingress of ours beside each of yours.',
    rules: [
      {
        rule: '[has(self.stableIngress), has(self.stableIngresses), has(self.ingress)].filter(x, x).size() == 1',
        message: 'write exactly one of stableIngress and stableIngresses',
      },
    ],
  },
);

/** Config with `stableIngresses` alone. */
export function readNginx(raw: Static<typeof NginxSchema>, place: Place): JsonObject {
  const { stableIngress, stableIngresses, additionalIngressAnnotations = {}, canaryIngressAnnotations = {} } = raw;
  if ((stableIngress === undefined) === (stableIngresses === undefined)) {
    place.refuse(
      stableIngress === undefined ? 'no Ingress is named' : 'stableIngress and stableIngresses are both written',
      'write exactly one of stableIngress and stableIngresses',
    );
  }
  if (new Set(stableIngresses).size < (stableIngresses?.length ?? 0)) {
    place.at('stableIngresses').refuse('an Ingress is named twice', 'name every Ingress once');
  }
  checkAnnotations(additionalIngressAnnotations, place.at('additionalIngressAnnotations'));
  checkAnnotations(canaryIngressAnnotations, place.at('canaryIngressAnnotations'));
  return {
    stableIngresses: stableIngresses ?? (stableIngress === undefined ? [] : [stableIngress]),
    annotationPrefix: raw.annotationPrefix ?? 'nginx.ingress.kubernetes.io',
    additionalIngressAnnotations,
    canaryIngressAnnotations,
  };
}
