/** Labels, annotations and derived names: the part of our API that other tools rely on. */
import { createHash } from 'node:crypto';

export const GROUP = 'orchestration.aibrix.io';
export const API_VERSION = `${GROUP}/v1alpha1`;
export const KIND = 'StormService';

export const STORMSERVICE_LABEL = `${GROUP}/stormservice`;
export const REVISION_LABEL = `${GROUP}/revision`;
export const ROLE_LABEL = `${GROUP}/role`;
/** AIBrix's own labels, which its gateway and autoscaler select by. */
export const AIBRIX_NAME_LABEL = 'storm-service-name';
export const AIBRIX_ROLE_LABEL = 'role-name';
/** On a ReplicaSet of a role: its pods in one role set, so that it can be read without its template. */
export const PODS_PER_SET_ANNOTATION = `${GROUP}/pods-per-role-set`;

/** On pods: keys of the metadata that their role in the rollout adds, so that they can be relabelled when it ends. */
export const ROLE_METADATA_ANNOTATION = `${GROUP}/role-metadata`;

export const PAUSE_ANNOTATION = 'aibrix.io/rollout-pause';
export const APPROVE_ANNOTATION = 'aibrix.io/rollout-approve';
export const ABORT_ANNOTATION = 'aibrix.io/rollout-abort';
export const RETRY_ANNOTATION = 'aibrix.io/rollout-retry';
export const PROMOTE_ANNOTATION = 'aibrix.io/rollout-promote';
/** All of them. Metacontroller calls decorate only for a StormService that has one. */
export const STEERING_ANNOTATIONS = [
  PAUSE_ANNOTATION,
  APPROVE_ANNOTATION,
  ABORT_ANNOTATION,
  RETRY_ANNOTATION,
  PROMOTE_ANNOTATION,
] as const;
export const CHANGE_CAUSE_ANNOTATIONS = [
  'kubernetes.io/change-cause',
  'deployment.kubernetes.io/change-cause',
] as const;

const MAX_NAME = 63;
const DIGEST = 8;

/** `parts` joined by dashes; longer than a DNS label it ends in a hash of the whole, so that two never clash. */
export function childName(...parts: readonly string[]): string {
  const name = parts.filter(part => part !== '').join('-');
  if (name.length <= MAX_NAME) return name;
  const digest = createHash('sha256').update(name).digest('hex').slice(0, DIGEST);
  return `${name.slice(0, MAX_NAME - DIGEST - 1).replace(/[^a-z0-9]+$/i, '')}-${digest}`;
}
