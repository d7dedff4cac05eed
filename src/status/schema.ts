import { Type } from 'typebox';
import { list, openShape, type Static } from '../schema/schema.js';

function text(description: string) {
  return Type.Optional(Type.String({ description }));
}

function count(description: string) {
  return Type.Optional(Type.Integer({ description }));
}

/** What the hook remembers from one sync to the next; only the hook reads it, so any form is kept. */
function memory(description: string) {
  return Type.Optional(Type.Unsafe<unknown>({ 'x-kubernetes-preserve-unknown-fields': true, description }));
}

const ConditionSchema = openShape(
  {
    type: Type.String({
      description: 'Available, Progressing, Paused, Healthy, Aborted, InvalidSpec, RoutingReady or ReplicaFailure.',
    }),
    status: Type.String({ description: 'True, False or Unknown.' }),
    reason: text('One word for the cause.'),
    message: text('One sentence for people.'),
    lastTransitionTime: text('When status changed last.'),
    observedGeneration: count('Generation of the spec that this is about.'),
  },
  { description: 'One condition.' },
);

const RolloutStatusSchema = openShape(
  {
    phase: text('Healthy, Progressing, Paused or Degraded.'),
    message: text('What is awaited, how far it is, and what to do.'),
    strategy: text('Canary, BlueGreen or RollingUpdate.'),
    stableRevision: text('Hash of the revision that has been promoted.'),
    updatedRevision: text('Hash of the revision of the present template.'),
    currentStepIndex: count('Index of the current step from 0; the number of steps when all are done.'),
    step: text('The current step in words, for example "3/5 pause until approved".'),
    canaryWeight: count('Weight that the new revision shall have.'),
    observedWeight: count('Weight that was read back from the route.'),
    pause: Type.Optional(
      openShape(
        {
          reason: text('Why it waits.'),
          startedAt: text('Since when.'),
          until: text('Until when; absent: until approved.'),
        },
        { description: 'The pause that waits now.' },
      ),
    ),
    abort: Type.Optional(
      openShape(
        {
          reason: text('One word for the cause.'),
          message: text('What was measured or done.'),
          at: text('When.'),
          by: text('Who, as far as it is known.'),
        },
        { description: 'Why the updated revision was taken back.' },
      ),
    ),
    blueGreen: Type.Optional(
      openShape(
        {
          activeRevision: text('Hash of the revision that the active Service selects.'),
          previewRevision: text('Hash of the revision that the preview Service selects.'),
        },
        { description: 'What the two Services select.' },
      ),
    ),
  },
  { description: 'The rollout at a glance.' },
);

export const StatusSchema = openShape(
  {
    observedGeneration: count('Generation of the spec that this status is about.'),
    replicas: count('Pods (or role sets) that exist.'),
    readyReplicas: count('Of these, ready ones.'),
    availableReplicas: count('Of these, available ones: ready for minReadySeconds.'),
    updatedReplicas: count('Of these, ones of the present template.'),
    selector: text('Selector of all pods, for autoscalers.'),
    conditions: Type.Optional(list(ConditionSchema, { key: 'type', description: 'Conditions.' })),
    rolloutStatus: Type.Optional(RolloutStatusSchema),
    handledAnnotations: memory('One-shot annotations that have been used up.'),
    history: memory('Earlier revisions.'),
    analysisRuns: memory('Analysis runs and their last measurements.'),
    missing: memory('Children that were wanted and are not observed.'),
  },
  { description: 'What is observed. Written by the hook alone.' },
);

/** status as it is stored. Fields beside these are the memory of the hook. */
export type StormServiceStatus = Static<typeof StatusSchema>;
