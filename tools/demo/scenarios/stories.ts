/** The stories of the demo, in the order in which they are told. */
import { waitsForApproval } from '../picture/picture.js';
import { isRollout } from '../picture/rolloutStatus.js';
import type { Scenario } from './scenario.js';

/** Seconds of the cluster that a person takes to look and decide. */
const TO_DECIDE = 20;

/** Seconds that the end is shown, in which nothing may change any more. */
const TO_SEE = 10;

const PODINFO = 'stefanprodan/podinfo';

/** The samples have no wait that is longer than a minute; the rest is for machines that are busy. */
const PATIENCE = 400;

export const scenarios: readonly Scenario[] = [
  {
    sample: 'canary-basic.yaml',
    title: 'A canary with a gate',
    story: 'A tenth of the pods is new, and nothing more happens until somebody approves.',
    expected: { phase: 'Healthy' },
    patience: PATIENCE,
    play: async director => {
      await director.deploy();
      await director.change(`${PODINFO}:6.9.0`, `${PODINFO}:6.9.1`);
      await director.until('it waits at the gate', waitsForApproval);
      await director.holdsFor(TO_DECIDE);
      await director.approve();
      await director.untilSettled();
      await director.holdsFor(TO_SEE);
    },
  },
  {
    sample: 'canary-gateway-api.yaml',
    title: 'A canary by weight',
    story: 'An HTTPRoute divides the requests. One version is promoted, the next one aborted, and no request fails.',
    expected: { phase: 'Degraded', reason: 'AbortedByAnnotation' },
    patience: PATIENCE,
    play: async director => {
      await director.deploy();
      await director.change(`${PODINFO}:6.7.0`, `${PODINFO}:6.7.1`);
      await director.until('it waits at 20 %', waitsForApproval);
      await director.holdsFor(TO_DECIDE);
      await director.approve();
      await director.untilSettled();
      await director.change(`${PODINFO}:6.7.0`, `${PODINFO}:6.7.2`);
      await director.until('it waits at 20 %', waitsForApproval);
      await director.holdsFor(TO_DECIDE);
      await director.abort();
      await director.untilSettled();
    },
  },
  {
    sample: 'blue-green.yaml',
    title: 'Blue-green',
    story: 'The new version is looked at behind the preview Service, then takes all requests at once.',
    expected: { phase: 'Healthy' },
    patience: PATIENCE,
    play: async director => {
      await director.deploy();
      await director.change(`${PODINFO}:6.9.0`, `${PODINFO}:6.9.1`);
      await director.until('it waits for promotion', waitsForApproval);
      await director.holdsFor(TO_DECIDE);
      await director.approve();
      await director.untilSettled();
      await director.holdsFor(TO_SEE);
    },
  },
  {
    sample: 'multi-role.yaml',
    title: 'Prefill and decode',
    story: 'Role sets of one prefill and two decode pods are replaced in proportion, never more GPUs than three sets.',
    expected: { phase: 'Healthy' },
    patience: PATIENCE,
    play: async director => {
      await director.deploy();
      await director.change('vllm/vllm-openai:v0.10.0', 'vllm/vllm-openai:v0.10.1');
      await director.until('it waits at the gate', waitsForApproval);
      await director.holdsFor(TO_DECIDE);
      await director.approve();
      await director.untilSettled();
      await director.holdsFor(TO_SEE);
    },
  },
  {
    sample: 'canary-web-analysis.yaml',
    title: 'Numbers decide',
    story: 'Telemetry is measured. A good version promotes itself; one that answers errors is rolled back by itself.',
    expected: { phase: 'Degraded', reason: 'AnalysisFailed' },
    tolerated: 'errors of the new version',
    patience: PATIENCE,
    play: async director => {
      await director.deploy();
      await director.change(`${PODINFO}:6.7.0`, `${PODINFO}:6.7.1`);
      await director.until(
        'it is promoted, by nobody',
        ({ status }) => status.phase === 'Healthy' && !isRollout(status),
      );
      await director.holdsFor(TO_SEE);
      await director.change(`${PODINFO}:6.7.0`, `${PODINFO}:errors`);
      await director.until('a measurement rolls it back', ({ status }) => status.abort !== undefined);
      await director.until('its weight is 0', ({ status }) => status.canaryWeight === 0 && status.observedWeight === 0);
      await director.untilSettled();
    },
  },
];
