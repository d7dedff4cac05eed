import type { CaseOf } from '../cases.js';

export const cases: readonly CaseOf<'smi'>[] = ([1, 2, 3, 4] as const).map(version => ({
  title: `smi v1alpha${version}`,
  config: { apiVersion: `split.smi-spec.io/v1alpha${version}` },
}));
