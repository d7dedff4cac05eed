import { describe, expect, it } from 'vitest';
import { asMap, asWritten, context, HEADER, ingress, PUBLIC_INGRESS, target } from '../../../test/traffic/cases.js';
import { nginx as router } from './nginx.js';

const nginx = asWritten(router);
type NginxConfig = Parameters<typeof nginx.desired>[0];

const P = 'nginx.ingress.kubernetes.io';
const config: NginxConfig = { stableIngress: 'public' };
const base = context({ related: asMap([PUBLIC_INGRESS]) });
const written = (of: NginxConfig, wanted = target(20)) => nginx.desired(of, wanted, base)[0]?.metadata.annotations;

/** What a canary Ingress with these annotations carries. */
function observed(annotations: Readonly<Record<string, string>>, of = config, spec: object = { rules: [] }) {
  const child = ingress('my-app-public-canary', { ...spec }, annotations);
  return nginx.observed(of, { ...base, children: asMap([child]), maxWeight: 100 });
}

describe("the user's annotations", () => {
  it('get the prefix they lack, and those in full win', () => {
    const additional = { 'limit-rps': '9', [`${P}/limit-rpm`]: '8', both: 'a' };
    const full = { 'example.com/owner': 'shop', [`${P}/both`]: 'b' };
    expect(written({ ...config, additionalIngressAnnotations: additional, canaryIngressAnnotations: full })).toEqual({
      [`${P}/limit-rps`]: '9',
      [`${P}/limit-rpm`]: '8',
      [`${P}/both`]: 'b',
      'example.com/owner': 'shop',
      [`${P}/canary`]: 'true',
      [`${P}/canary-weight`]: '20',
    });
  });

  it.each(['canary-by-header', 'canary-by-header-value', 'canary-by-header-pattern', 'canary-by-cookie'])(
    '%s is there only while the canary takes requests',
    name => {
      const selecting = { ...config, additionalIngressAnnotations: { [name]: 'x' } };
      expect(written(selecting, target(0))).not.toHaveProperty([`${P}/${name}`]);
      expect(written(selecting, target(1))).toHaveProperty([`${P}/${name}`], 'x');
    },
  );

  it('of a header give way to a header route, those of a cookie do not', () => {
    const own = { 'canary-by-header-pattern': 'x', 'canary-by-cookie': 'y' };
    const selecting = { ...config, additionalIngressAnnotations: own };
    const annotations = written(selecting, target(0, { routes: [HEADER] }));
    expect(annotations).not.toHaveProperty([`${P}/canary-by-header-pattern`]);
    expect(annotations).toHaveProperty([`${P}/canary-by-cookie`], 'y');
  });
});

describe('what the annotations of an Ingress carry', () => {
  const canary = { [`${P}/canary`]: 'true' };

  it.each<[string, Readonly<Record<string, string>>, object]>([
    ['a weight', { ...canary, [`${P}/canary-weight`]: '20' }, { weight: 20 }],
    [
      'a weight of a total',
      { ...canary, [`${P}/canary-weight`]: '20', [`${P}/canary-weight-total`]: '200' },
      { weight: 10 },
    ],
    ['a weight above its total', { ...canary, [`${P}/canary-weight`]: '300' }, { weight: 100 }],
    ['no weight', canary, { weight: 0, managedRoutes: [] }],
    ['a weight that is none', { ...canary, [`${P}/canary-weight`]: 'x' }, { weight: 0 }],
    ['no canary', { [`${P}/canary-weight`]: '20' }, { weight: 100, managedRoutes: [] }],
    ['another prefix', { 'other/canary': 'true', 'other/canary-weight': '20' }, { weight: 100 }],
    ['a header and no weight', { ...canary, [`${P}/canary-by-header`]: 'x' }, { managedRoutes: ['canary-by-header'] }],
    [
      'both and no weight',
      { ...canary, [`${P}/canary-by-cookie`]: 'x', [`${P}/canary-by-header`]: 'x' },
      { managedRoutes: ['canary-by-header', 'canary-by-cookie'] },
    ],
    [
      'a header that belongs to the weight',
      { ...canary, [`${P}/canary-weight`]: '1', [`${P}/canary-by-header`]: 'x' },
      { weight: 1, managedRoutes: [] },
    ],
    [
      'a header route',
      { ...canary, [`${P}/canary-by-header`]: 'x', 'orchestration.aibrix.io/managed-routes': 'header:testers' },
      { managedRoutes: ['testers'] },
    ],
    [
      'the name of a header route that is gone',
      { ...canary, 'orchestration.aibrix.io/managed-routes': 'header:testers' },
      { managedRoutes: [] },
    ],
  ])('%s', (_, annotations, expected) => {
    expect(observed(annotations)).toMatchObject(expected);
  });

  it('is read with the prefix of the configuration', () => {
    const other = { ...config, annotationPrefix: 'other' };
    expect(observed({ 'other/canary': 'true', 'other/canary-weight': '20' }, other)).toMatchObject({ weight: 20 });
  });

  it('is nothing where the Ingress routes nothing', () => {
    expect(observed({}, config, {})).toMatchObject({ weight: 0 });
  });
});

describe('an Ingress of the user that is gone', () => {
  it('is missing, although the canary Ingress is still there', () => {
    const child = ingress('my-app-public-canary', {}, { [`${P}/canary`]: 'true', [`${P}/canary-weight`]: '20' });
    const children = asMap([child]);
    expect(nginx.observed(config, { ...context({ children }), maxWeight: 100 })).toMatchObject({
      state: 'present',
      weight: 20,
      agreed: false,
      missing: ['Ingress shop/public'],
    });
  });

  it('and one that points elsewhere does not count as missing while ours is there', () => {
    const child = ingress('my-app-public-canary', {}, { [`${P}/canary`]: 'true' });
    const related = asMap([ingress('public', { rules: [] })]);
    const seen = nginx.observed(config, { ...context({ children: asMap([child]), related }), maxWeight: 100 });
    expect(seen).toMatchObject({ state: 'present', agreed: true });
  });

  it('a canary Ingress has no class and no TLS where that of the user has none', () => {
    const plain = ingress('public', {
      rules: PUBLIC_INGRESS['spec'] ? (PUBLIC_INGRESS['spec'] as { rules: never }).rules : [],
    });
    const [made] = nginx.desired(config, target(0), context({ related: asMap([plain]) }));
    expect(Object.keys(made!['spec'] as object)).toEqual(['rules']);
    expect(made!.metadata.annotations).not.toHaveProperty(['kubernetes.io/ingress.class']);
  });
});

it('says why a header route is refused', () => {
  const header = HEADER.match[0] as never;
  const two = { action: 'setHeaderRoute' as const, name: 'two', match: [header, header] };
  const second = { action: 'setHeaderRoute' as const, name: 'second', match: [header] };
  const removed = { action: 'setHeaderRoute' as const, name: 'removed', match: [] };
  expect(nginx.refusals(config, [removed, HEADER, HEADER, two, second])).toEqual([
    { route: 'two', reason: 'Ingress NGINX matches one header only' },
    { route: 'second', reason: 'Ingress NGINX supports only one header route, which is testers' },
  ]);
});
