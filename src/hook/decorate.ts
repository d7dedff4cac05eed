import type { DecorateAnswer, DecorateRequest } from '../metacontroller/hook.js';
import { readParent } from '../observe/parent.js';
import { usedUpAnnotations } from '../rollout/commands/annotations.js';
import { readStatus } from '../status/status.js';

/** Removes the one-shot annotations that status shows as handled. */
export function answerDecorate({ object }: DecorateRequest): DecorateAnswer {
  const annotations = usedUpAnnotations(readParent(object), readStatus(object['status']));
  return { annotations: Object.fromEntries(annotations.map(name => [name, null])), attachments: [] };
}
