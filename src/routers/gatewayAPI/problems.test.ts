import { describe, expect, it } from 'vitest';
import { asWritten, context, HEADER, target } from '../../../test/traffic/cases.js';
import { dynamicCreate, dynamicUpdate } from '../../sandbox/metacontroller/dynamicApply.js';
import type { JsonObject } from '../../schema/json.js';
import { gatewayAPI as router } from './gatewayAPI.js';

const gatewayAPI = asWritten(router);
type GatewayApiConfig = Parameters<typeof gatewayAPI.desired>[0];

const base = context();
const byRules = (
  rules: readonly JsonObject[],
  parentRefs: readonly JsonObject[] = [{ name: 'public' }],
): GatewayApiConfig => ({
  httpRoute: { spec: { parentRefs, rules } },
});

describe('what dynamic apply would corrupt', () => {
  const named = byRules([{ name: 'main', backendRefs: [{ name: 'my-app-stable', port: 80 }] }]);
  const sections = byRules(
    [{ backendRefs: [{ name: 'my-app-stable', port: 80 }] }],
    [
      { name: 'public', sectionName: 'http' },
      { name: 'public', sectionName: 'https' },
    ],
  );

  it('would indeed be corrupted', () => {
    const [before] = gatewayAPI.desired(named, target(0), base);
    const [after] = gatewayAPI.desired(named, target(50), base);
    const applied = dynamicUpdate(dynamicCreate(before!), after!);
    expect(applied?.['spec']).not.toEqual(after?.['spec']);
  });

  it('is refused with both ways out, unless the server applies', () => {
    for (const [config, path] of [
      [named, 'gatewayAPI.httpRoute.spec.rules'],
      [sections, 'gatewayAPI.httpRoute.spec.parentRefs'],
    ] as const) {
      expect(gatewayAPI.problems(config, 'gatewayAPI')).toEqual([
        expect.objectContaining({ path, remedy: expect.stringMatching(/, or .*server-side-apply/) }),
      ]);
      expect(gatewayAPI.problems(config, 'gatewayAPI', 'server-side-apply')).toEqual([]);
    }
  });
});

describe('problems', () => {
  it('are weights that are not whole numbers, by rule and backend', () => {
    const backendRefs = [{ name: 'a' }, { name: 'b', weight: 0.5 }];
    const config = byRules([{ backendRefs: [] }, { backendRefs }]);
    expect(gatewayAPI.problems(config, 'gatewayAPI').map(({ path }) => path)).toEqual([
      'gatewayAPI.httpRoute.spec.rules[1].backendRefs[1].weight',
    ]);
  });

  it('are parentRefs that dynamic apply would merge, wherever they are written', () => {
    const parentRefs = [
      { name: 'public', sectionName: 'http' },
      { name: 'public', sectionName: 'https' },
    ];
    expect(gatewayAPI.problems({ httpRoute: { parentRefs } }, 'gatewayAPI')).toEqual([
      {
        path: 'gatewayAPI.httpRoute.parentRefs',
        problem: "two items have name public, so Metacontroller's dynamic apply would merge them into one",
        remedy: expect.stringContaining('attach to the Gateway once'),
      },
    ]);
  });

  it('managed routes without a match ask for nothing, and all names count towards the most rules', () => {
    const config = byRules([{ backendRefs: [] }]);
    expect(gatewayAPI.refusals(config, [{ ...HEADER, match: [] }])).toEqual([]);
    const rules = Array.from({ length: 8 }, () => ({ backendRefs: [{ name: 'my-app-stable', port: 80 }] }));
    expect(gatewayAPI.refusals(byRules(rules), [HEADER, HEADER])).toEqual([]);
    expect(gatewayAPI.refusals(byRules([...rules, ...rules]), [HEADER])).toEqual([
      { route: 'testers', reason: 'with 1 managed routes the HTTPRoute could have more than 16 rules' },
    ]);
  });
});
