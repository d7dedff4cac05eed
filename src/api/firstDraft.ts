/**
 * AIBrix's unmerged first draft of StormService rollouts wrote some fields otherwise. They are rewritten here, before
 * validation, so that its YAML applies and nothing else in the hook knows of it.
 */
import { type Fields, isObject } from '../schema/json.js';
import { pathKey } from '../schema/place.js';

/** A field that was rewritten: problems found in `canonical` are shown at `written`. */
interface Renamed {
  readonly canonical: string;
  readonly written: string;
}

export interface Normalised {
  readonly value: unknown;
  /** The path as the user wrote it. */
  pathOf(canonical: string): string;
}

/** The spec with every first-draft form rewritten. Anything else is left as it is, right or wrong. */
export function normaliseFirstDraft(raw: unknown): Normalised {
  const renamed: Renamed[] = [];
  const value = rewriteSpec(raw, 'spec', renamed);
  return { value, pathOf: path => writtenPath(path, renamed) };
}

function writtenPath(path: string, renamed: readonly Renamed[]): string {
  const match = renamed.find(
    ({ canonical }) => path === canonical || path.startsWith(`${canonical}.`) || path.startsWith(`${canonical}[`),
  );
  return match === undefined ? path : match.written + path.slice(match.canonical.length);
}

type Rewrite = (value: unknown, path: string, renamed: Renamed[]) => unknown;

/** An object with some fields rewritten; the object itself when nothing changed. */
function inside(rewrites: Readonly<Record<string, Rewrite>>): Rewrite {
  return (value, path, renamed) => {
    if (!isObject(value)) return value;
    let changed: Record<string, unknown> | undefined;
    for (const [key, rewrite] of Object.entries(rewrites)) {
      if (!Object.hasOwn(value, key)) continue;
      const after = rewrite(value[key], path + pathKey(key), renamed);
      if (after !== value[key]) changed = { ...(changed ?? value), [key]: after };
    }
    return changed ?? value;
  };
}

function each(rewrite: Rewrite): Rewrite {
  return (value, path, renamed) => {
    if (!Array.isArray(value)) return value;
    const after = value.map((item, index) => rewrite(item, `${path}[${index}]`, renamed));
    return after.some((item, index) => item !== value[index]) ? after : value;
  };
}

/** `from` becomes `to`, where `to` is not written itself. */
function rename(from: string, to: readonly [string, string?]): Rewrite {
  const [field, inner] = to;
  return (value, path, renamed) => {
    if (!isObject(value) || !Object.hasOwn(value, from) || Object.hasOwn(value, field)) return value;
    const { [from]: moved, ...rest } = value;
    renamed.push({
      canonical: path + pathKey(field) + (inner === undefined ? '' : pathKey(inner)),
      written: path + pathKey(from),
    });
    if (inner !== undefined) renamed.push({ canonical: path + pathKey(field), written: path + pathKey(from) });
    return { ...rest, [field]: inner === undefined ? moved : { [inner]: moved } };
  };
}

function drop(field: string): Rewrite {
  return value => {
    if (!isObject(value) || !Object.hasOwn(value, field)) return value;
    const { [field]: _, ...rest } = value;
    return rest;
  };
}

function inOrder(...rewrites: readonly Rewrite[]): Rewrite {
  return (value, path, renamed) => rewrites.reduce((after, rewrite) => rewrite(after, path, renamed), value);
}

/** A name alone stands for an object with that name. */
const named: Rewrite = (value, path, renamed) => {
  if (typeof value !== 'string') return value;
  renamed.push({ canonical: `${path}.name`, written: path });
  return { name: value };
};

const analysis = inside({ templates: each(rename('name', ['templateName'])) });

const step = inOrder(
  rename('weight', ['setWeight']),
  rename('replicas', ['setCanaryScale', 'replicas']),
  inside({ analysis }),
);

const trafficRouting = inside({
  istio: inside({ virtualService: named, destinationRule: named }),
  nginx: inOrder(rename('ingress', ['stableIngress']), drop('servicePort')),
  smi: rename('trafficSplit', ['trafficSplitName']),
});

/** AIBrix's updateStrategy has nothing to say where a rolloutStrategy stands. */
const updateStrategy: Rewrite = (value, path, renamed) => {
  if (!isObject(value) || !isObject(value['updateStrategy'])) return value;
  if (isObject(value['rolloutStrategy'])) return drop('updateStrategy')(value, path, renamed);
  if (Object.hasOwn(value, 'rolloutStrategy')) return value;
  const { updateStrategy: written, ...rest } = value;
  const { type, ...bounds } = written as Fields;
  const own = `${path}.updateStrategy`;
  renamed.push(
    { canonical: `${path}.rolloutStrategy.rollingUpdate`, written: own },
    { canonical: `${path}.rolloutStrategy`, written: own },
  );
  const rollingType = type === undefined || type === 'InPlaceUpdate' ? 'RollingUpdate' : type;
  return { ...rest, rolloutStrategy: { type: rollingType, rollingUpdate: bounds } };
};

const rewriteSpec = inOrder(
  updateStrategy,
  inside({
    rolloutStrategy: inside({
      canary: inside({ steps: each(step), trafficRouting, analysis }),
      blueGreen: inside({ prePromotionAnalysis: analysis, postPromotionAnalysis: analysis }),
    }),
  }),
);
