import { Type } from 'typebox';
import { anyObject, choice, flag, list, nameText, shape, text, whole } from '../../schema/schema.js';

/** What every provider that is asked over HTTP has in common. */

export const addressField = text({
  minLength: 1,
  maxLength: 2048,
  description: 'Base URL of the server, for example http://prometheus.monitoring:9090.',
});

export const urlField = text({ minLength: 1, maxLength: 2048, description: 'URL to call, http or https.' });

export const timeoutSecondsField = whole({
  minimum: 1,
  maximum: 300,
  description: 'Seconds after which it is an error.',
});

export const tlsField = shape(
  { ca: Type.Optional(text({ maxLength: 65_536, description: 'Certificate of the authority, PEM.' })) },
  { description: "How the server's certificate is checked." },
);

/** Where a provider reads its keys, always in the namespace of the StormService. */
export function secretRefField(description: string) {
  return shape(
    {
      name: nameText({ description: 'Name of the Secret.' }),
      namespaced: Type.Optional(
        flag({
          description: "Accepted as in Argo Rollouts; the Secret is always read in the StormService's namespace.",
        }),
      ),
    },
    { description },
  );
}

export const insecureField = flag({ description: "True: the server's certificate is not checked." });

export const headersField = list(
  shape(
    {
      key: nameText({ description: 'Name of the header.' }),
      value: text({ description: 'Its value; may use {{args.name}}.' }),
    },
    { description: 'One request header.' },
  ),
  { maxItems: 50, key: 'key', description: 'Request headers.' },
);

export const authenticationField = shape(
  {
    sigv4: Type.Optional(
      shape(
        {
          region: Type.Optional(nameText({ description: 'AWS region.' })),
          profile: Type.Optional(nameText({ description: 'Credential profile.' })),
          roleArn: Type.Optional(text({ description: 'IAM role to assume.' })),
          secretRef: Type.Optional(secretRefField('Secret with the keys of an AWS account.')),
        },
        { description: 'AWS Signature Version 4, for Amazon Managed Prometheus.' },
      ),
    ),
    oauth2: Type.Optional(
      shape(
        {
          tokenUrl: Type.Optional(text({ description: 'URL that issues tokens.' })),
          clientId: Type.Optional(text({ description: 'Client id.' })),
          clientSecret: Type.Optional(text({ description: 'Client secret; write {{args.name}} with secretKeyRef.' })),
          scopes: Type.Optional(list(text({ description: 'One scope.' }), { maxItems: 50, description: 'Scopes.' })),
        },
        { description: 'OAuth 2 client credentials.' },
      ),
    ),
    bearer: Type.Optional(
      shape(
        { token: text({ minLength: 1, description: 'Token; write {{args.name}} with secretKeyRef.' }) },
        { description: 'A bearer token.' },
      ),
    ),
    basicAuth: Type.Optional(
      shape(
        {
          username: Type.Optional(text({ description: 'User name.' })),
          password: Type.Optional(text({ description: 'Password; write {{args.name}} with secretKeyRef.' })),
        },
        { description: 'HTTP basic authentication.' },
      ),
    ),
  },
  { description: 'How the request is authenticated: at most one of these.' },
);

export const methodField = choice(['GET', 'POST', 'PUT'], { description: 'HTTP method. Default GET.' });

export const bodyFields = {
  body: Type.Optional(text({ maxLength: 65_536, description: 'Body of a POST or PUT.' })),
  jsonBody: Type.Optional(anyObject({ description: 'Body of a POST or PUT, as JSON.' })),
};
