import type { KindKey } from '../../cluster/kinds.js';
import type { MeshPlan } from '../plan.js';
import type { MeshRequest } from '../request.js';
import type { MeshView } from '../view.js';

/** How one kind of route objects is read, by the rules of the software that reads it in a cluster. */
export interface Dialect {
  readonly name: string;
  /** What it reads beside Services. */
  readonly kinds: readonly KindKey[];
  /** What is done with a request; undefined when no object of this dialect is about its host. */
  plan(request: MeshRequest, view: MeshView): MeshPlan | undefined;
}
