/** What a router of the registry lacks outside of its own folder. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readSpec } from '../../src/api/readSpec.js';
import { isRouted } from '../../src/api/strategy/trafficRouting.js';
import { type RouterSpec, routerFor } from '../../src/routers/routers.js';
import { DIALECTS } from '../../src/sandbox/mesh/dialects.js';
import { manifests } from '../manifests.js';
import { ROUTED_SAMPLES } from '../mesh/routedSamples.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = 'samples/rollout';
const samples = readdirSync(`${root}${folder}`).map(file => ({ file, routers: routersOf(file) }));

/** Sentences, each with what to write and where; none for a router that is complete. */
export function missing(name: string, component: string): readonly string[] {
  return [
    ...['schema', 'desired', 'observed', name].flatMap(file =>
      asksFor(name, `${file}.ts`, `src/routers/${name}/${file}.ts`),
    ),
    ...asksFor(name, 'contract case', `test/traffic/cases/${name}.ts`),
    ...asksFor(name, 'docs page', `docs/traffic/${component}.md`),
    ...asksFor(name, 'kustomize component', `metacontroller/components/${component}/kustomization.yaml`),
    ...(textOf('docs/traffic/README.md').includes(`(${component}.md)`)
      ? []
      : [
          `router ${name} has no row in the table of routers: add one that links ${component}.md to docs/traffic/README.md`,
        ]),
    ...missingSample(name, component),
  ];
}

function asksFor(name: string, what: string, file: string): readonly string[] {
  return existsSync(`${root}${file}`) ? [] : [`router ${name} has no ${what}: write ${file}`];
}

function missingSample(name: string, component: string): readonly string[] {
  const found = samples.filter(({ routers }) => routers.some(({ router }) => router === name));
  const [first] = found;
  if (first === undefined) return [`router ${name} has no sample: write ${folder}/canary-${component}.yaml`];
  const sent = found.some(({ file }) => ROUTED_SAMPLES.some(({ sample }) => sample === file));
  const kinds = found.flatMap(({ routers }) => routers).flatMap(spec => routerFor(spec).kinds(spec.config));
  const read = kinds.some(kind => DIALECTS.some(dialect => dialect.kinds.includes(kind)));
  return [
    ...(read
      ? []
      : [
          `router ${name} has no mesh dialect for ${kinds[0]}: write src/sandbox/mesh/dialects/${name}.ts and list it in src/sandbox/mesh/dialects.ts`,
        ]),
    ...(sent
      ? []
      : [`router ${name} has no sample that requests are sent to: add ${first.file} to test/mesh/routedSamples.ts`]),
  ];
}

function routersOf(sample: string): readonly RouterSpec[] {
  return manifests(`${folder}/${sample}`).flatMap(({ kind, spec }) => {
    if (kind !== 'StormService') return [];
    const read = readSpec(spec, { name: 'my-app', namespace: 'shop', applyStrategy: 'dynamic-apply' });
    return read.ok && isRouted(read.value.strategy) ? read.value.strategy.trafficRouting.routers : [];
  });
}

function textOf(file: string): string {
  return readFileSync(`${root}${file}`, 'utf8');
}
