import { Type } from 'typebox';
import { shape, text, textMap } from '../../schema/schema.js';
import {
  authenticationField,
  bodyFields,
  headersField,
  insecureField,
  methodField,
  timeoutSecondsField,
  tlsField,
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
    tls: Type.Optional(tlsField),
    authentication: Type.Optional(authenticationField),
  },
  { description: 'Any HTTP endpoint that answers in JSON.' },
);

export const WebhookSchema = shape(
  {
    url: urlField,
    headers: Type.Optional(headersField),
    ...bodyFields,
    name: Type.Optional(text({ description: 'name in the body that is sent when none is written.' })),
    namespace: Type.Optional(text({ description: 'namespace in that body.' })),
    phase: Type.Optional(text({ description: 'phase in that body. Default Progressing.' })),
    metadata: Type.Optional(textMap({ description: 'metadata in that body.' })),
    timeoutSeconds: Type.Optional(timeoutSecondsField),
    insecure: Type.Optional(insecureField),
    tls: Type.Optional(tlsField),
  },
  { description: 'A POST whose answer 2xx is a success: a test or a load generator that judges by itself.' },
);
