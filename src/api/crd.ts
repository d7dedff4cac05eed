/** From the schemas of the API to CustomResourceDefinitions. */
import { LANGUAGE } from '../schema/language.js';
import { GROUP, KIND } from '../schema/names.js';
import { BY_RULE, CRD_CHECKS, CRD_OPEN } from '../schema/schema.js';
import { eitherOf } from '../status/fields.js';
import { PHASES } from '../status/phases.js';
import { StatusSchema } from '../status/schema.js';
import { AnalysisTemplateSpecSchema } from './analysis/analysisTemplate.js';
import { SpecSchema } from './stormService.js';

const VERSION = 'v1alpha1';

type Node = Readonly<Record<string, unknown>>;

/** Keywords that only the hook's own check understands. A closed object is what a structural schema is anyway. */
const DROPPED = new Set([BY_RULE, CRD_CHECKS, CRD_OPEN, LANGUAGE, 'deprecated']);

/** A JSON schema of the API as a structural schema: plain data, no unions of types, no references. */
export function structural(schema: object): Node {
  const node = schema as Node;
  if (node[CRD_OPEN] !== undefined) {
    return { ...opened(node), ...checksOf(node) };
  }
  const required = requiredFields(node);
  const fields = Object.entries(node)
    .filter(([key, value]) => !DROPPED.has(key) && !(key === 'additionalProperties' && value === false))
    .filter(([key]) => key !== 'required')
    .map(([key, value]) => [key, structuralKeyword(key, value)]);
  return {
    ...Object.fromEntries(fields),
    ...(required.length > 0 && { required }),
    ...checksOf(node),
  };
}

function opened(node: Node): Node {
  const open = { description: node['description'], 'x-kubernetes-preserve-unknown-fields': true };
  switch (node[CRD_OPEN]) {
    case 'object':
      return { type: 'object', ...open };
    case 'fields':
      return { ...open, properties: structuralKeyword('properties', node['properties']) };
    default:
      return open;
  }
}

function requiredFields(node: Node): readonly string[] {
  const names = (value: unknown) => (Array.isArray(value) ? value.map(String) : []);
  const byRule = names(node[BY_RULE]);
  return names(node['required']).filter(field => !byRule.includes(field));
}

function checksOf(node: Node): Node {
  return (node[CRD_CHECKS] ?? {}) as Node;
}

function structuralKeyword(key: string, value: unknown): unknown {
  switch (key) {
    case 'properties':
      return Object.fromEntries(
        Object.entries(value as Node).map(([name, field]) => [name, structural(field as Node)]),
      );
    case 'items':
    case 'additionalProperties':
      return structural(value as Node);
    default:
      return value;
  }
}

interface Column {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'date';
  readonly jsonPath: string;
  readonly description: string;
  /** 1: only with `-o wide`. */
  readonly priority?: number;
}

interface Definition {
  readonly kind: string;
  readonly plural: string;
  readonly shortName: string;
  readonly scope: 'Namespaced' | 'Cluster';
  readonly description: string;
  readonly spec: object;
  readonly status?: object;
  readonly rules?: readonly { readonly rule: string; readonly message: string }[];
  readonly columns: readonly Column[];
}

const AGE: Column = {
  name: 'Age',
  type: 'date',
  jsonPath: '.metadata.creationTimestamp',
  description: 'Time since creation.',
};

function rolloutColumn(name: string, type: Column['type'], field: string, description: string): Column {
  return { name, type, jsonPath: `.status.rolloutStatus.${field}`, description };
}

const STORM_SERVICE: Definition = {
  kind: KIND,
  plural: 'stormservices',
  shortName: 'storm',
  scope: 'Namespaced',
  description: 'A service with one or more roles, and how its new versions are rolled out.',
  spec: SpecSchema,
  status: StatusSchema,
  rules: [
    {
      rule: 'self.metadata.name.size() <= 63',
      message: 'the name must be at most 63 characters, because Services and labels use it',
    },
  ],
  columns: [
    rolloutColumn('Strategy', 'string', 'strategy', 'Canary, BlueGreen or RollingUpdate.'),
    rolloutColumn('Phase', 'string', 'phase', eitherOf(PHASES)),
    rolloutColumn('Step', 'string', 'step', 'The current step.'),
    rolloutColumn('Weight', 'integer', 'canaryWeight', 'Weight of the new revision.'),
    rolloutColumn('Revision', 'string', 'updatedRevision', 'Revision of the current template.'),
    { ...rolloutColumn('Message', 'string', 'message', 'What the rollout is waiting for.'), priority: 1 },
    AGE,
  ],
};

const ANALYSIS_TEMPLATE: Definition = {
  kind: 'AnalysisTemplate',
  plural: 'analysistemplates',
  shortName: 'sat',
  scope: 'Namespaced',
  description: 'Metrics shared by the StormServices of a namespace.',
  spec: AnalysisTemplateSpecSchema,
  columns: [AGE],
};

const CLUSTER_ANALYSIS_TEMPLATE: Definition = {
  ...ANALYSIS_TEMPLATE,
  kind: 'ClusterAnalysisTemplate',
  plural: 'clusteranalysistemplates',
  shortName: 'scat',
  scope: 'Cluster',
  description: 'Metrics shared by the StormServices of all namespaces.',
};

export interface CustomResourceDefinition {
  readonly metadata: { readonly name: string };
  readonly spec: Node;
}

/** All CustomResourceDefinitions of the API, as `metacontroller/crds` holds them. */
export function customResourceDefinitions(): readonly CustomResourceDefinition[] {
  return [STORM_SERVICE, ANALYSIS_TEMPLATE, CLUSTER_ANALYSIS_TEMPLATE].map(customResourceDefinition);
}

function customResourceDefinition(definition: Definition): CustomResourceDefinition {
  const { kind, plural, shortName, scope } = definition;
  const crd = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${GROUP}` },
    spec: {
      group: GROUP,
      scope,
      names: { kind, listKind: `${kind}List`, plural, singular: kind.toLowerCase(), shortNames: [shortName] },
      versions: [version(definition)],
    },
  };
  return crd;
}

function version({ description, spec, status, rules, columns }: Definition): Node {
  return {
    name: VERSION,
    served: true,
    storage: true,
    additionalPrinterColumns: columns,
    ...(status === undefined ? {} : { subresources: SUBRESOURCES }),
    schema: {
      openAPIV3Schema: {
        type: 'object',
        description,
        required: ['spec'],
        properties: {
          apiVersion: { type: 'string', description: 'Version of this representation of the object.' },
          kind: { type: 'string', description: 'Kind of the object.' },
          metadata: { type: 'object' },
          spec: structural(spec),
          ...(status === undefined ? {} : { status: structural(status) }),
        },
        ...(rules === undefined ? {} : { 'x-kubernetes-validations': rules }),
      },
    },
  };
}

const SUBRESOURCES = {
  status: {},
  scale: {
    specReplicasPath: '.spec.replicas',
    statusReplicasPath: '.status.replicas',
    labelSelectorPath: '.status.selector',
  },
} as const;
