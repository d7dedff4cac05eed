import type { Expected, Tolerated } from '../outcome/expectation.js';
import type { Director } from './director.js';

/** A scenario for one StormService, and its required final state. */
export interface Scenario {
  /** In samples/rollout. */
  readonly sample: string;
  readonly title: string;
  readonly story: string;
  readonly expected: Expected;
  /** Failures that clients may see. Default: none. */
  readonly tolerated?: Tolerated;
  /** Cluster seconds to wait for each expected state. */
  readonly patience: number;
  readonly play: (director: Director) => Promise<void>;
}
