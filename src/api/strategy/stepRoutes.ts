import { Type } from 'typebox';
import type { Place } from '../../schema/place.js';
import { list, nameText, type Static, shape, text, whole } from '../../schema/schema.js';
import { checkStringMatch, StringMatchSchema } from '../../schema/stringMatch.js';

const MAX_MATCHES = 20;
const MAX_HEADERS = 50;

const routeName = nameText({ description: 'Name of the route; must be listed in trafficRouting.managedRoutes.' });

const HeaderMatchSchema = shape(
  {
    headerName: text({ minLength: 1, maxLength: 256, description: 'Name of the request header.' }),
    headerValue: StringMatchSchema,
  },
  { description: 'A header to match.' },
);

export const SetHeaderRouteSchema = shape(
  {
    name: routeName,
    match: Type.Optional(
      list(HeaderMatchSchema, {
        maxItems: MAX_MATCHES,
        description: 'Headers that must all match. If unset, the route is removed.',
      }),
    ),
  },
  { description: 'Sends all requests with these headers to the new revision.' },
);

const RouteMatchSchema = shape(
  {
    method: Type.Optional({ ...StringMatchSchema, description: 'The HTTP method.' } as typeof StringMatchSchema),
    path: Type.Optional({ ...StringMatchSchema, description: 'The path of the URL.' } as typeof StringMatchSchema),
    headers: Type.Optional(
      Type.Unsafe<Record<string, Static<typeof StringMatchSchema>>>({
        type: 'object',
        maxProperties: MAX_HEADERS,
        additionalProperties: StringMatchSchema,
        description: 'Headers by name.',
      }),
    ),
  },
  { description: 'Conditions that a request must all meet.' },
);

export const SetMirrorRouteSchema = shape(
  {
    name: routeName,
    percentage: Type.Optional(
      whole({ maximum: 100, description: 'Percentage of the matching requests. Default 100.' }),
    ),
    match: Type.Optional(
      list(RouteMatchSchema, {
        maxItems: MAX_MATCHES,
        description: 'Matches, any one of which is sufficient. If unset, the mirror is removed.',
      }),
    ),
  },
  { description: 'Mirrors matching requests to the new revision; its responses are discarded.' },
);

export function checkHeaderRoute({ match = [] }: Static<typeof SetHeaderRouteSchema>, place: Place): void {
  match.forEach(({ headerValue }, index) => {
    checkStringMatch(headerValue, place.at('match', index, 'headerValue'));
  });
}

export function checkMirrorRoute({ match = [] }: Static<typeof SetMirrorRouteSchema>, place: Place): void {
  match.forEach(({ method, path, headers = {} }, index) => {
    const here = place.at('match', index);
    if (method !== undefined) checkStringMatch(method, here.at('method'));
    if (path !== undefined) checkStringMatch(path, here.at('path'));
    for (const [name, value] of Object.entries(headers)) checkStringMatch(value, here.at('headers', name));
  });
}
