import type { ObjectMap } from '../metacontroller/hook.js';
import type { KubeObject } from '../metacontroller/object.js';
import { API_VERSION, GROUP } from '../schema/names.js';

/** The parts of a rollout that analysis uses, in addition to its runs. */
export interface AnalysisContext {
  /** The StormService in the sync request: `fieldRef` reads it. */
  readonly parent: KubeObject;
  /** Templates and Secrets, as requested by `relatedFor`. */
  readonly related: ObjectMap;
  readonly stableRevision: string;
  /** Revision of the current template. */
  readonly latestRevision: string;
}

/** Kinds as Metacontroller groups related objects. */
export const ANALYSIS_TEMPLATE = `AnalysisTemplate.${API_VERSION}`;
export const CLUSTER_ANALYSIS_TEMPLATE = `ClusterAnalysisTemplate.${API_VERSION}`;

/**
 * Label of objects that only a template names (nested templates, Secrets of its args): customize depends only on the
 * StormService's spec, so it cannot know these names and requests every object with this label.
 */
export const ANALYSIS_LABEL = `${GROUP}/analysis`;
