import { inLanguage, type Language } from '../schema/language.js';
import { text } from '../schema/schema.js';

/** The query of a provider that takes one. */
export function queryField(language: Language) {
  return inLanguage(
    language,
    text({ minLength: 1, maxLength: 16_384, description: "Query in the provider's language." }),
  );
}
