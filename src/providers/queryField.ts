import { text } from '../schema/schema.js';

/** The query of a provider that takes one. */
export const queryField = text({ minLength: 1, maxLength: 16_384, description: "Query in the provider's language." });
