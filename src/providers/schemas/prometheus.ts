import { Type } from 'typebox';
import { intOrString, shape, text } from '../../schema/schema.js';
import {
  addressField,
  authenticationField,
  headersField,
  insecureField,
  timeoutSecondsField,
  tlsField,
} from './http.js';

export const PrometheusSchema = shape(
  {
    address: addressField,
    query: text({ minLength: 1, maxLength: 16_384, description: 'PromQL.' }),
    timeout: Type.Optional(timeoutSecondsField),
    insecure: Type.Optional(insecureField),
    tls: Type.Optional(tlsField),
    headers: Type.Optional(headersField),
    authentication: Type.Optional(authenticationField),
    rangeQuery: Type.Optional(
      shape(
        {
          start: Type.Optional(text({ description: 'Begin, for example now() - duration("5m").' })),
          end: Type.Optional(text({ description: 'End, for example now().' })),
          step: Type.Optional(intOrString({ description: 'Distance of two points ("30s").' })),
        },
        { description: 'Asks for a range instead of an instant.' },
      ),
    ),
  },
  { description: 'A PromQL query.' },
);
