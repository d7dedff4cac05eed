/** Requests as large as Metacontroller sends them when an author makes many objects, and larger. */
import type { KubeObject } from '../../../../src/metacontroller/object.js';
import { type Attack, endless, many, measuring, object, podTemplate, type Site, specWith, web } from '../attack.js';

const MIB = 1024 * 1024;
const SPEC = specWith({ canary: { steps: [{ setWeight: 50 }, { pause: {} }] } });
const ANY = /"phase"/;
/** As much as the hook chooses. */
const TOO_LARGE = [413, 429, 503];

function replicaSet(_: Site, index: number): KubeObject {
  const metadata = { name: `r${index}`, labels: { 'orchestration.aibrix.io/revision': `r${index}` } };
  return { apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata, spec: { replicas: 0, selector: {}, template: {} } };
}

/** Of a template as large as an object may be. */
function revision(_: Site, index: number): KubeObject {
  const template = JSON.stringify(podTemplate({ env: [{ name: 'E', value: 'x'.repeat(1.3 * MIB) }] }));
  const metadata = { name: `r${index}` };
  return { apiVersion: 'apps/v1', kind: 'ControllerRevision', metadata, revision: index, data: { template } };
}

/** A template whose text takes many times its length once it is parsed. */
function emptyLists(site: Site, index: number): string {
  const text = JSON.stringify(object(site, 'AnalysisTemplate', `t${index}`, { spec: { metrics: '@' } }));
  return text.replace('"@"', () => `[${'[],'.repeat(MIB / 3)}[]]`);
}

const secret = (site: Site, index: number) => object(site, 'Secret', `s${index}`, { data: { key: 'A'.repeat(MIB) } });

export const REQUESTS: readonly Attack[] = [
  {
    name: '28 MiB of Secrets',
    count: 3,
    related: site => many(28, index => secret(site, index)),
    spec: ({ hostile }) =>
      measuring([endless('m', web(`${hostile(2)}/body/most-judged`, { jsonPath: '$[0]' }), { interval: '5s' })], {
        templates: [{ templateName: 'none' }],
      }),
    shows: ANY,
    refusedWith: TOO_LARGE,
  },
  {
    name: '50,000 ReplicaSets',
    count: 2,
    children: site => many(50_000, index => replicaSet(site, index)),
    spec: () => SPEC,
    shows: ANY,
    refusedWith: TOO_LARGE,
  },
  {
    name: '20 revisions of 1.3 MiB',
    count: 2,
    children: site => many(20, index => revision(site, index)),
    spec: () => SPEC,
    shows: ANY,
    refusedWith: TOO_LARGE,
  },
  {
    name: '8 MiB of empty lists',
    count: 2,
    related: site => many(8, index => emptyLists(site, index)),
    spec: () => measuring([], { templates: many(8, index => ({ templateName: `t${index}` })) }),
    shows: ANY,
    refusedWith: TOO_LARGE,
  },
  {
    name: '40 MiB',
    count: 1,
    related: site => many(40, index => secret(site, index)),
    spec: () => SPEC,
    // The connection is closed while the rest is still on its way.
    refusedWith: [0, 413],
  },
  { name: 'no JSON', count: 1, spec: () => '['.repeat(2 * MIB), refusedWith: [400] },
];
