/** The scenarios of the demo, in order. */
import { waitsForApproval } from '../picture/picture.js';
import { isRollout } from '../picture/rolloutStatus.js';
import type { Scenario } from './scenario.js';

/** Cluster seconds that a person takes to inspect and decide. */
const TO_DECIDE = 20;

/** Seconds that the final state is shown; it must not change any more. */
const TO_SEE = 10;

const PODINFO = 'stefanprodan/podinfo';

/** The samples have no wait longer than a minute; the rest is margin for busy machines. */
const PATIENCE = 400;

export const scenarios: readonly Scenario[] = [
  {
    sample: 'canary-basic.yaml',
    title: 'A canary with a gate',
    story: 'A tenth of the pods run the new version, and nothing more happens until somebody approves.',
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
    story: 'An HTTPRoute splits the requests. One version is promoted, the next is aborted, and no request fails.',
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
    story: 'The new version is inspected through the preview Service, then receives all requests at once.',
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
    story:
      'Role sets of one prefill and two decode pods are replaced in proportion, with no more GPUs than three sets need.',
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
    title: 'A canary with analysis',
    story:
      'Telemetry is measured. A good version is promoted and a version that returns errors is rolled back, both automatically.',
    expected: { phase: 'Degraded', reason: 'AnalysisFailed' },
    tolerated: 'errors of the new version',
    patience: PATIENCE,
    play: async director => {
      await director.deploy();
      await director.change(`${PODINFO}:6.7.0`, `${PODINFO}:6.7.1`);
      await director.until(
        'it is promoted automatically',
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
