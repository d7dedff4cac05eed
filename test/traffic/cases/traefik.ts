import type { CaseOf } from '../cases.js';

export const cases: readonly CaseOf<'traefik'>[] = [{ title: 'traefik', config: { traefikService: { name: 'web' } } }];
