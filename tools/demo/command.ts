/** A command that a person would type, and its effect on the sandbox. */

import type { Sandbox } from '../../src/sandbox/sandbox.js';
import {
  ABORT_ANNOTATION,
  APPROVE_ANNOTATION,
  PAUSE_ANNOTATION,
  PROMOTE_ANNOTATION,
  RETRY_ANNOTATION,
} from '../../src/schema/names.js';
import { sedText } from './manifest/edit.js';
import { edited, type Manifest } from './manifest/manifest.js';
import { type Picture, waitsForApproval } from './picture/picture.js';
import { isRollout } from './picture/rolloutStatus.js';

export interface Command {
  /** For a shell. */
  readonly text: string;
  readonly run: (sandbox: Sandbox) => Promise<void>;
}

export function apply({ file, objects, edits }: Manifest): Command {
  const text = edits.length === 0 ? `kubectl apply -f ${file}` : `${sedText(edits, file)} | kubectl apply -f -`;
  const run = async (sandbox: Sandbox) => {
    for (const object of objects) await sandbox.apply(object);
  };
  return { text, run };
}

/** The same file with image `from` replaced. */
export function applyWithImage(manifest: Manifest, from: string, to: string): Command {
  return apply(edited(manifest, { field: 'image', from, to }));
}

export const approve = (name: string, gate = 'true') => annotate(name, APPROVE_ANNOTATION, gate);
export const abort = (name: string) => annotate(name, ABORT_ANNOTATION, 'true');
export const retry = (name: string) => annotate(name, RETRY_ANNOTATION, 'true');
export const promote = (name: string) => annotate(name, PROMOTE_ANNOTATION, 'full');
export const pause = (name: string) => annotate(name, PAUSE_ANNOTATION, 'true');
export const resume = (name: string) => annotate(name, PAUSE_ANNOTATION, null);

/** The alternative, if a person has to decide: abort, for an inconclusive analysis. */
export function alternativeNow({ name, status, paused }: Picture): Command | undefined {
  return status.phase === 'Paused' && !paused && status.pause?.reason === 'InconclusiveAnalysis'
    ? abort(name)
    : undefined;
}

/** The command that moves this rollout now; undefined if there is none. */
export function commandNow(picture: Picture): Command | undefined {
  const { name, status, paused } = picture;
  const { phase, updatedRevision, currentStepIndex } = status;
  switch (phase) {
    case 'Paused':
      if (paused) return resume(name);
      return waitsForApproval(picture) ? approve(name, `${updatedRevision}:${currentStepIndex}`) : approve(name);
    case 'Progressing':
      return isRollout(status) ? abort(name) : undefined;
    case 'Degraded':
      return status.abort ? retry(name) : undefined;
    default:
      return undefined;
  }
}

function annotate(name: string, annotation: string, value: string | null): Command {
  const [namespace, short] = name.includes('/') ? name.split('/', 2) : [undefined, name];
  const subject = `kubectl annotate stormservice ${short}${namespace === undefined ? '' : ` -n ${namespace}`}`;
  return {
    text: value === null ? `${subject} ${annotation}-` : `${subject} ${annotation}=${value} --overwrite`,
    run: sandbox => sandbox.annotate(name, annotation, value),
  };
}
