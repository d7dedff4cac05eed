import { Type } from 'typebox';
import { choice, flag, intOrString, nameText, shape, text, textMap } from '../schema.js';

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
    secretRef: Type.Optional(
      shape(
        {
          name: nameText({ description: 'Name of the Secret, with the keys address, api-key and app-key.' }),
          namespaced: Type.Optional(
            flag({
              description: "Accepted as in Argo Rollouts; the Secret is always read in the StormService's namespace.",
            }),
          ),
        },
        { description: 'Where the keys are.' },
      ),
    ),
    requestTimeout: Type.Optional(intOrString({ description: 'Time after which it is an error. Default 10s.' })),
  },
  { description: 'A Datadog query.' },
);
