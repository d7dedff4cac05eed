/** The Secret with a provider's credentials. */
import { Type } from 'typebox';
import { inLanguage } from '../schema/language.js';
import { flag, nameText, shape } from '../schema/schema.js';
import { QueryError } from './queryError.js';

export function secretRefField(description: string) {
  return shape(
    {
      name: inLanguage('data', nameText({ description: 'Name of the Secret.' })),
      namespaced: Type.Optional(
        flag({
          description: "Accepted as in Argo Rollouts; the Secret is always read in the StormService's namespace.",
        }),
      ),
    },
    { description },
  );
}

/** Where `secretRefField` has the name. */
export const SECRET_REF_NAME = ['secretRef', 'name'] as const;

/** A value of the Secret. */
export function secretOf(secrets: Readonly<Record<string, string>>, key: string): string {
  const found = secrets[key];
  if (found === undefined || found === '') throw new QueryError('spec', `the Secret has no ${key}`);
  return found;
}
