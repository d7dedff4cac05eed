import { shape, whole } from '../../schema/schema.js';

export const RollbackWindowSchema = shape(
  { revisions: whole({ maximum: 1000, description: 'How many earlier revisions.' }) },
  { description: 'Going back to one of this many earlier revisions skips steps and analysis.' },
);
