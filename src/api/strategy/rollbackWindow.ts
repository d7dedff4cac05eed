import { shape, whole } from '../../schema/schema.js';

export const RollbackWindowSchema = shape(
  { revisions: whole({ maximum: 1000, description: 'Number of earlier revisions.' }) },
  { description: 'Skips steps and analysis when rolling back to one of this many earlier revisions.' },
);
