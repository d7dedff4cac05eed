import { Type } from 'typebox';
import { shape, text } from '../schema.js';
import {
  authenticationField,
  bodyFields,
  headersField,
  insecureField,
  methodField,
  timeoutSecondsField,
  urlField,
} from './http.js';

export const WebSchema = shape(
  {
    url: urlField,
    method: Type.Optional(methodField),
    headers: Type.Optional(headersField),
    ...bodyFields,
    timeoutSeconds: Type.Optional(timeoutSecondsField),
    jsonPath: Type.Optional(text({ description: 'JSONPath of the result in the answer. Default: the whole answer.' })),
    insecure: Type.Optional(insecureField),
    authentication: Type.Optional(authenticationField),
  },
  { description: 'Any HTTP endpoint that answers in JSON.' },
);

export const WebhookSchema = shape(
  {
    url: urlField,
    headers: Type.Optional(headersField),
    ...bodyFields,
    timeoutSeconds: Type.Optional(timeoutSecondsField),
    insecure: Type.Optional(insecureField),
  },
  { description: 'A POST whose answer 2xx is a success: a test or a load generator that judges by itself.' },
);
