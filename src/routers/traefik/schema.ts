import { Type } from 'typebox';
import { intOrString, nameText, type Static, shape } from '../../schema/schema.js';
import type { RoutingNames } from '../router.js';

export const TraefikSchema = shape(
  {
    traefikService: Type.Optional(
      shape(
        {
          name: Type.Optional(
            nameText({ description: 'Name of the TraefikService. Default: the name of the StormService.' }),
          ),
          port: Type.Optional(
            intOrString({ description: 'Port of the Services, by number or name. Default: the first port.' }),
          ),
        },
        { description: 'The TraefikService that the hook creates.' },
      ),
    ),
  },
  { description: 'Traefik: the hook creates a weighted TraefikService, which your IngressRoute references.' },
);

/** `trafficRouting.traefik` with all defaults; that of the port is in the Services. */
export type TraefikConfig = ReturnType<typeof readTraefik>[number];

export function readTraefik({ traefikService }: Static<typeof TraefikSchema>, { name }: RoutingNames) {
  return [{ traefikService: { name, ...traefikService } }];
}
