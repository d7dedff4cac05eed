import { Type } from 'typebox';
import { choice, intOrString, shape, text, textMap } from '../../schema/schema.js';
import { secretRefField } from './http.js';

export const DatadogSchema = shape(
  {
    apiVersion: Type.Optional(choice(['v1', 'v2'], { description: "Version of Datadog's API. Default v1." })),
    interval: Type.Optional(intOrString({ description: 'Time window of the query. Default 5m.' })),
    query: Type.Optional(text({ maxLength: 16_384, description: 'One query; or else queries and formula.' })),
    queries: Type.Optional(textMap({ description: 'Queries by name (v2).' })),
    formula: Type.Optional(text({ description: 'Formula over the names in queries (v2).' })),
    aggregator: Type.Optional(
      choice(['avg', 'min', 'max', 'sum', 'last', 'percentile', 'mean', 'l2norm', 'area'], {
        description: 'How points become one number (v2).',
      }),
    ),
    secretRef: Type.Optional(secretRefField('Secret with the keys address, api-key and app-key. Default datadog.')),
    requestTimeout: Type.Optional(intOrString({ description: 'Time after which it is an error. Default 10s.' })),
  },
  { description: 'A Datadog query.' },
);
