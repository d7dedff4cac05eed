import { Type } from 'typebox';
import { intOrString, nameText, shape, text } from '../../schema/schema.js';
import { addressField, secretRefField, timeoutSecondsField } from './http.js';

/** Providers that take one query and nothing else worth a file. */

const query = text({ minLength: 1, maxLength: 16_384, description: "Query in the provider's language." });

export const NewRelicSchema = shape(
  {
    profile: Type.Optional(nameText({ description: 'Name of the Secret with the account. Default newrelic.' })),
    query,
    timeout: Type.Optional(timeoutSecondsField),
  },
  { description: 'A New Relic NRQL query.' },
);

export const WavefrontSchema = shape(
  {
    address: text({ minLength: 1, maxLength: 2048, description: 'Host or base URL of the server.' }),
    query,
    secretRef: Type.Optional(secretRefField('Secret with a token by address. Default wavefront-api-tokens.')),
  },
  { description: 'A Wavefront query.' },
);

export const GraphiteSchema = shape({ address: addressField, query }, { description: 'A Graphite query.' });

export const InfluxdbSchema = shape(
  {
    profile: Type.Optional(nameText({ description: 'Name of the Secret with the account. Default influxdb.' })),
    query,
  },
  { description: 'An InfluxDB Flux query.' },
);

export const SkyWalkingSchema = shape(
  { address: addressField, query, interval: Type.Optional(intOrString({ description: 'Time window. Default 5m.' })) },
  { description: 'An Apache SkyWalking GraphQL query.' },
);

export const DynatraceSchema = shape(
  {
    address: Type.Optional(addressField),
    query,
    interval: Type.Optional(intOrString({ description: 'Time window. Default 5m.' })),
    resolution: Type.Optional(nameText({ description: 'Distance of two points. Default Inf: one point.' })),
    secretRef: Type.Optional(secretRefField('Secret with the keys api-token and address. Default dynatrace.')),
  },
  { description: 'A Dynatrace metric selector.' },
);
