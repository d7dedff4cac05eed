import { mergeKey } from '../../metacontroller/apply.js';
import type { ApplyStrategy } from '../../metacontroller/hook.js';
import { unsafeLists } from '../../metacontroller/mergeSafety.js';
import type { Json } from '../../schema/json.js';
import { type Fields, items, objects } from '../../schema/json.js';
import type { Problem } from '../../schema/problem.js';
import { weightOf } from '../../schema/weight.js';
import { type GatewayApiConfig, type RouteConfig, routesOf } from './config.js';

const SERVER_SIDE = 'run Metacontroller with --apply-strategy=server-side-apply';

export function gatewayProblems(config: GatewayApiConfig, path: string, strategy: ApplyStrategy): readonly Problem[] {
  return routesOf(config).flatMap(({ kind, route }) => {
    const place = `${path}.${kind.field}`;
    const merge = strategy === 'dynamic-apply' ? mergeProblems(route, place) : [];
    return [...weightProblems(route.spec ?? {}, `${place}.spec`), ...merge];
  });
}

function weightProblems(spec: Fields, path: string): readonly Problem[] {
  return objects(spec['rules']).flatMap((rule, index) =>
    objects(rule['backendRefs']).flatMap(({ weight }, place) =>
      weight === undefined || Number.isInteger(weightOf(weight))
        ? []
        : [
            {
              path: `${path}.rules[${index}].backendRefs[${place}].weight`,
              problem: `${JSON.stringify(weight)} is not a whole number`,
              remedy: 'write a whole number, or none',
            },
          ],
    ),
  );
}

/** What dynamic apply would corrupt: the two lists that we do not write ourselves, and whose items may all be named. */
function mergeProblems(route: RouteConfig, path: string): readonly Problem[] {
  const spec: Fields = route.spec ?? {};
  const rules = items(spec['rules']) as readonly Json[];
  const problems: Problem[] = [];
  if (mergeKey(rules) !== undefined) {
    problems.push({
      path: `${path}.spec.rules`,
      problem: 'every rule has a name, so dynamic apply would merge the rules and mix up their backends',
      remedy: `leave the name of at least one rule out, or ${SERVER_SIDE}`,
    });
  }
  const parentRefs = route.spec === undefined ? route.parentRefs : spec['parentRefs'];
  for (const { key, value } of unsafeLists({ parentRefs })) {
    problems.push({
      path: `${path}${route.spec === undefined ? '' : '.spec'}.parentRefs`,
      problem: `two of them have the ${key} ${value}, by which dynamic apply would make one of them`,
      remedy: `attach to the Gateway once, without sectionName, or write a different port in every parentRef, or ${SERVER_SIDE}`,
    });
  }
  return problems;
}
