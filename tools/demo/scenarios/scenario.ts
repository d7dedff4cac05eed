import type { Expected, Tolerated } from '../outcome/expectation.js';
import type { Director } from './director.js';

/** What happens to one StormService, and how it must end. */
export interface Scenario {
  /** In samples/rollout. */
  readonly sample: string;
  readonly title: string;
  readonly story: string;
  readonly expected: Expected;
  /** Failures that clients may see; absent: none. */
  readonly tolerated?: Tolerated;
  /** Seconds of the cluster after which what is awaited counts as not coming. */
  readonly patience: number;
  readonly play: (director: Director) => Promise<void>;
}
