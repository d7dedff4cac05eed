import type { ObjectMap } from '../metacontroller/hook.js';
import type { KubeObject } from '../metacontroller/object.js';
import { API_VERSION, GROUP } from '../schema/names.js';

/** What analysis may know of a rollout, beside its runs. */
export interface AnalysisContext {
  /** The StormService as it came with the sync: `fieldRef` reads it. */
  readonly parent: KubeObject;
  /** Templates and Secrets, as `relatedFor` asks for them. */
  readonly related: ObjectMap;
  readonly stableRevision: string;
  /** Revision of the present template. */
  readonly latestRevision: string;
}

/** Kinds as Metacontroller groups related objects. */
export const ANALYSIS_TEMPLATE = `AnalysisTemplate.${API_VERSION}`;
export const CLUSTER_ANALYSIS_TEMPLATE = `ClusterAnalysisTemplate.${API_VERSION}`;

/**
 * On what only a template names (nested templates, Secrets of its args): customize answers from the StormService's
 * spec alone, so it cannot know these names and asks for everything that has this label.
 */
export const ANALYSIS_LABEL = `${GROUP}/analysis`;
