import { Type } from 'typebox';
import type { JsonObject } from '../../schema/json.js';
import { intOrString, nameText, type Static, shape } from '../../schema/schema.js';

export const TraefikSchema = shape(
  {
    traefikService: Type.Optional(
      shape(
        {
          name: Type.Optional(
            nameText({ description: 'Name of the TraefikService. Default: the name of the StormService.' }),
          ),
          port: Type.Optional(
            intOrString({ description: 'Port of the Services, by number or name. Default: the first.' }),
          ),
        },
        { description: 'The TraefikService that we make.' },
      ),
    ),
  },
  { description: 'Traefik: a weighted TraefikService of ours; your IngressRoute names it.' },
);

export function readTraefik(raw: Static<typeof TraefikSchema>, name: string): JsonObject {
  return { traefikService: { name, ...raw.traefikService } };
}
