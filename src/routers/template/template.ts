import { asText } from '../../schema/json.js';
import { defineRouter } from '../router.js';
import { templateDesired } from './desired.js';
import { templateObserved } from './observed.js';
import { templateProblems } from './problems.js';
import { readTemplateRouter, TemplateRouterSchema } from './schema.js';

export const template = defineRouter({
  name: 'template',
  schema: TemplateRouterSchema,
  read: readTemplateRouter,
  lacks: ['headerRoute', 'mirrorRoute'],
  kinds: ({ object }) => [`${asText(object['kind'])}.${asText(object['apiVersion'])}`],
  desired: templateDesired,
  observed: templateObserved,
  problems: templateProblems,
});
