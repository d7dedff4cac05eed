import { expect, it } from 'vitest';
import { PARENT, routed, SPEC } from '../../test/observed.js';
import { routerContext } from './routes.js';

const children = { 'Service.v1': {} };
const related = { 'Ingress.networking.k8s.io/v1': {} };
const strategy = routed();
const trafficRouting = { ...strategy.trafficRouting, managedRoutes: ['testers'] };

const CONTEXT = {
  parent: { name: 'my-app', namespace: 'shop', uid: 'u1' },
  rootService: 'my-app',
  stableService: 'my-app-stable',
  canaryService: 'my-app-canary',
  ports: [],
  managedRoutes: ['testers'],
  children,
  related,
};

it('without ports, the root Service has the name of the StormService', () => {
  const observation = { parent: PARENT, spec: SPEC, children, related };
  expect(routerContext(observation, { ...strategy, trafficRouting })).toStrictEqual(CONTEXT);
});

it('the root Service has the name and the ports of spec.service', () => {
  const service = { name: 'shop-front', ports: [{ port: 80 }, { port: 90 }], labels: {}, annotations: {} };
  const observation = { parent: PARENT, spec: { ...SPEC, service }, children, related };
  expect(routerContext(observation, { ...strategy, trafficRouting })).toStrictEqual({
    ...CONTEXT,
    rootService: 'shop-front',
    ports: service.ports,
  });
});
