import { badRequest, type Dialect, json, notFound } from '../dialect.js';

const scope = { scope: 'shop', region: 'eu', step: 60 };

export const kayenta: Dialect = {
  name: 'kayenta',
  spec: address => ({
    address,
    application: 'shop',
    canaryConfigName: 'errors',
    metricsAccountName: 'metrics',
    configurationAccountName: 'configurations',
    storageAccountName: 'storage',
    threshold: { pass: 90, marginal: 75 },
    scopes: [{ name: 'default', controlScope: scope, experimentScope: { ...scope, scope: 'shop-canary' } }],
  }),
  answer: (request, data) => {
    if (request.method === 'GET' && request.path === '/canaryConfig') {
      if (request.query.get('configurationAccountName') !== 'configurations') return badRequest('account');
      return json([
        { id: 'other', name: 'latency' },
        { id: 'c0ffee', name: 'errors' },
      ]);
    }
    if (request.method === 'POST' && request.path === '/canary/c0ffee') {
      const { scopes, thresholds } = JSON.parse(request.body);
      const { controlScope, experimentScope } = scopes.default;
      if (experimentScope.scope !== 'shop-canary' || thresholds.pass !== 90 || thresholds.marginal !== 75)
        return badRequest('job');
      if (Date.parse(controlScope.end) - Date.parse(controlScope.start) !== 300_000) return badRequest('window');
      return json({ canaryExecutionId: 'run-1' });
    }
    if (request.method !== 'GET' || request.path !== '/canary/run-1') return notFound;
    const score = { value: { score: 95.5 }, empty: {}, nan: { score: 'NaN' } }[data];
    return json({ complete: true, result: { judgeResult: { score } } });
  },
  expected: { value: { value: 95.5 }, empty: { error: /has no score/ }, nan: { value: Number.NaN } },
};
