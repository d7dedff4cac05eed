/** The samples of the routers, and the components that they need. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { checkObject } from '../../src/api/checkObject.js';
import { readSpec } from '../../src/api/readSpec.js';
import type { CanaryStrategy } from '../../src/api/spec.js';
import { routingProblems } from '../../src/api/strategy/routingProblems.js';
import type { KubeObject } from '../../src/metacontroller/object.js';
import { routerFor } from '../../src/routers/routers.js';
import { dynamicCreate, dynamicUpdate } from '../../src/sandbox/metacontroller/dynamicApply.js';
import { type Manifest, manifests } from '../manifests.js';
import { asMap, context, target } from './cases.js';
import { componentKinds, listed } from './components.js';

const folder = 'samples/rollout';
const root = fileURLToPath(new URL('../..', import.meta.url));
const samples = readdirSync(`${root}${folder}`)
  .filter(file => file.endsWith('.yaml'))
  .map(file => ({ file, objects: manifests(`${folder}/${file}`) }))
  .flatMap(({ file, objects }) => {
    const storm = objects.find(({ kind }) => kind === 'StormService');
    const read = readSpec(storm?.spec, { name: 'my-app', namespace: 'shop', applyStrategy: 'dynamic-apply' });
    const strategy = read.ok && read.value.strategy.type === 'Canary' ? read.value.strategy : undefined;
    return strategy?.trafficRouting === undefined ? [] : [{ file, objects, storm, strategy }];
  });

describe.each(samples)('$file', ({ file, objects, storm, strategy }) => {
  const related = asMap(
    objects.map((object: Manifest) => ({ ...object, metadata: { ...object.metadata, namespace: 'shop' } })),
  );

  it('is right', () => {
    expect(checkObject(storm, 'dynamic-apply')).toEqual([]);
    expect(routingProblems(strategy, 'dynamic-apply')).toEqual([]);
  });

  it('names a component that adds every kind it makes', () => {
    const [named] = /metacontroller\/components\/([a-z-]+)/.exec(textOf(file)) ?? [];
    const added = componentKinds(`${named}`);
    for (const child of children(strategy, related, 20)) expect(added).toContain(listed(child));
  });

  it('carries every weight of a whole rollout through dynamic apply', () => {
    const steps = strategy.steps.flatMap(step => (step.action === 'setWeight' ? [step.weight] : []));
    expect(steps).toEqual([20, 40, 100]);
    let applied: readonly KubeObject[] = [];
    for (const weight of [0, ...steps, 0]) {
      const wanted = children(strategy, related, weight);
      applied = wanted.map(child => {
        const observed = applied.find(
          ({ kind, metadata }) => kind === child.kind && metadata.name === child.metadata.name,
        );
        return observed === undefined ? dynamicCreate(child) : (dynamicUpdate(observed, child) ?? observed);
      });
      for (const spec of strategy.trafficRouting?.routers ?? []) {
        const observed = routerFor(spec).observed(spec.config, {
          ...context({ children: asMap(applied), related }),
          maxWeight: 100,
        });
        expect(observed).toMatchObject({ state: 'present', weight, agreed: true });
        expect(observed).not.toHaveProperty('refused');
      }
    }
  });
});

function children(strategy: CanaryStrategy, related: ReturnType<typeof asMap>, weight: number): readonly KubeObject[] {
  const routers = strategy.trafficRouting?.routers ?? [];
  return routers.flatMap(spec => routerFor(spec).desired(spec.config, target(weight), context({ related })));
}

function textOf(file: string): string {
  return readFileSync(`${root}${folder}/${file}`, 'utf8');
}
