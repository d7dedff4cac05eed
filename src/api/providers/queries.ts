import { Type } from 'typebox';
import { intOrString, nameText, shape, text } from '../schema.js';
import { addressField, timeoutSecondsField } from './http.js';

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

export const WavefrontSchema = shape({ address: addressField, query }, { description: 'A Wavefront query.' });

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
