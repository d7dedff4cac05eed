import { type Fields, objects, text } from '../../schema/json.js';
import type { Problem } from '../../schema/problem.js';
import { weightOf } from '../../schema/weight.js';
import type { IstioConfig } from './config.js';
import { PROTOCOLS } from './virtualService.js';

export function istioProblems(config: IstioConfig, path: string): readonly Problem[] {
  const route = config.virtualService;
  const spec: Fields | undefined = route?.spec;
  const problems: Problem[] = [];
  if (spec !== undefined && !PROTOCOLS.some(protocol => objects(spec[protocol]).length > 0)) {
    problems.push({
      path: `${path}.virtualService.spec`,
      problem: 'it has no http, tls or tcp route',
      remedy: 'write a route whose destination is the stable Service, or leave spec out',
    });
  }
  return [...problems, ...weightProblems(spec ?? {}, `${path}.virtualService.spec`), ...ruleProblems(config, path)];
}

function weightProblems(spec: Fields, path: string): readonly Problem[] {
  return PROTOCOLS.flatMap(protocol =>
    objects(spec[protocol]).flatMap((route, index) =>
      objects(route['route']).flatMap(({ weight }, place) =>
        weight === undefined || Number.isInteger(weightOf(weight))
          ? []
          : [
              {
                path: `${path}.${protocol}[${index}].route[${place}].weight`,
                problem: `${JSON.stringify(weight)} is not a whole number`,
                remedy: 'write a whole number',
              },
            ],
      ),
    ),
  );
}

function ruleProblems({ destinationRule: rule }: IstioConfig, path: string): readonly Problem[] {
  const spec: Fields = rule?.spec ?? {};
  const names = objects(spec['subsets']).map(({ name }) => text(name));
  const twice = names.find((name, index) => name !== undefined && names.indexOf(name) !== index);
  const problems: Problem[] = [];
  if (twice !== undefined) {
    problems.push({
      path: `${path}.destinationRule.spec.subsets`,
      problem: `the subset ${twice} is written twice`,
      remedy: 'write each subset once',
    });
  }
  if (spec['trafficPolicy'] !== undefined && spec['host'] === undefined && rule?.splitting === 'Host') {
    problems.push({
      path: `${path}.destinationRule.spec.trafficPolicy`,
      problem: 'it applies to the root Service, but Host splitting sends requests to the stable and canary Services',
      remedy: 'write destinationRule.splitting: Subset, or a DestinationRule of your own for each of the two Services',
    });
  }
  return problems;
}
