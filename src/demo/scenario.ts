/** The stories of the demo, in the order in which they are told. */
import type { Director } from './director.js';
import { waitsForApproval } from './picture.js';

export interface Scenario {
  /** In samples/rollout. */
  readonly sample: string;
  readonly title: string;
  readonly story: string;
  /** How the StormService must stand in the end. */
  readonly expected: { readonly phase: 'Healthy' } | { readonly phase: 'Degraded'; readonly reason: string };
  /** Seconds of the cluster after which what is awaited counts as not coming. */
  readonly patience: number;
  readonly play: (director: Director) => Promise<void>;
}

/** Seconds of the cluster that a person takes to look and decide. */
const TO_DECIDE = 25;

/** Seconds that the end is shown, in which nothing may change any more. */
const TO_SEE = 12;

const PODINFO = 'stefanprodan/podinfo';

/** The samples have no wait that is longer than a minute. */
const PATIENCE = 200;

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
    sample: 'canary-by-duration.yaml',
    title: 'A bad version, aborted',
    story: 'Its pods never get ready. Stable keeps all requests while somebody looks, and aborts.',
    expected: { phase: 'Degraded', reason: 'AbortedByAnnotation' },
    patience: PATIENCE,
    play: async director => {
      await director.deploy();
      await director.change(`${PODINFO}:6.9.0`, `${PODINFO}:bad`);
      await director.until('its canary fails', ({ revisions }) =>
        revisions.some(({ rank, groups }) => rank === 'new' && groups.some(({ pods }) => pods.includes('failing'))),
      );
      await director.holdsFor(TO_DECIDE);
      await director.abort();
      await director.untilSettled();
      await director.holdsFor(TO_SEE);
    },
  },
];
