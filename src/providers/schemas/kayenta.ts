import { Type } from 'typebox';
import { intOrString, list, nameText, shape, text, whole } from '../../schema/schema.js';
import { addressField } from './http.js';

const ScopeDetailSchema = shape(
  {
    scope: text({ description: 'Scope.' }),
    region: text({ description: 'Region.' }),
    step: whole({ minimum: 1, description: 'Seconds between two points.' }),
    interval: Type.Optional(
      intOrString({ description: 'Time before now at which it begins, without start. Default 5m.' }),
    ),
    start: Type.Optional(text({ description: 'Begin, RFC 3339.' })),
    end: Type.Optional(text({ description: 'End, RFC 3339.' })),
  },
  { description: 'What is measured, where and when.' },
);

export const KayentaSchema = shape(
  {
    address: addressField,
    application: text({ description: 'Application.' }),
    canaryConfigName: text({ description: 'Name of the canary configuration.' }),
    metricsAccountName: text({ description: 'Account of the metrics.' }),
    configurationAccountName: text({ description: 'Account of the configuration.' }),
    storageAccountName: text({ description: 'Account of the storage.' }),
    threshold: shape(
      {
        pass: whole({ maximum: 100, description: 'Score from which it passes.' }),
        marginal: whole({ maximum: 100, description: 'Score from which it is marginal.' }),
      },
      { description: 'Scores.' },
    ),
    scopes: list(
      shape(
        {
          name: nameText({ description: 'Name.' }),
          controlScope: ScopeDetailSchema,
          experimentScope: ScopeDetailSchema,
        },
        { description: 'One pair of stable and new.' },
      ),
      { minItems: 1, maxItems: 20, description: 'Scopes.' },
    ),
  },
  { description: 'Netflix Kayenta.' },
);
