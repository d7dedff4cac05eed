import type { Static, TSchema } from 'typebox';
import type { ApplyStrategy, ObjectMap, RelatedRule } from '../metacontroller/hook.js';
import type { KubeObject } from '../metacontroller/object.js';
import type { Place } from '../schema/place.js';
import type { Problem } from '../schema/problem.js';
import type { StringMatch } from '../schema/stringMatch.js';
import { MAX_WEIGHT } from '../schema/weight.js';

export interface ServicePort {
  readonly name?: string;
  readonly port: number;
  readonly targetPort?: number | string;
  readonly protocol?: 'TCP' | 'UDP' | 'SCTP';
  readonly nodePort?: number;
  readonly appProtocol?: string;
}

export interface SetHeaderRouteAction {
  readonly action: 'setHeaderRoute';
  readonly name: string;
  /** Empty: the route is removed. */
  readonly match: readonly { readonly headerName: string; readonly headerValue: StringMatch }[];
}

export interface SetMirrorRouteAction {
  readonly action: 'setMirrorRoute';
  readonly name: string;
  readonly percentage: number;
  /** Empty: the mirror is removed. */
  readonly match: readonly {
    readonly method?: StringMatch;
    readonly path?: StringMatch;
    readonly headers?: Readonly<Record<string, StringMatch>>;
  }[];
}

/** What a router may be unable to do. A spec that asks for it is refused, with the reason. */
export type Feature = 'headerRoute' | 'mirrorRoute';

/** A header or mirror route that a step has set, in the order of `managedRoutes`. */
export type ManagedRoute = SetHeaderRouteAction | SetMirrorRouteAction;

/** What the routes shall carry. Weights are whole numbers in 0..maxWeight; stable has the rest. */
export interface TrafficTarget {
  readonly weight: number;
  readonly maxWeight: number;
  readonly routes: readonly ManagedRoute[];
  /** Revisions that the stable and the canary destination select: for routers that carry selectors of their own. */
  readonly stableRevision: string;
  readonly canaryRevision: string;
}

/** What a router may know beside its own configuration. */
export interface RouterContext {
  readonly parent: { readonly name: string; readonly namespace: string; readonly uid: string };
  readonly rootService: string;
  readonly stableService: string;
  readonly canaryService: string;
  /** Ports of these Services. */
  readonly ports: readonly ServicePort[];
  readonly managedRoutes: readonly string[];
  readonly children: ObjectMap;
  readonly related: ObjectMap;
}

/** The same, to read a weight back. */
export interface ObserverContext extends RouterContext {
  readonly maxWeight: number;
}

/** What the observed objects carry now, all objects of this router taken together. */
export type ObservedTraffic =
  /** An object that carries the weight does not exist yet: nothing is sent to the canary through this router. */
  | { readonly state: 'absent'; readonly missing: readonly string[] }
  | {
      readonly state: 'present';
      /** The largest canary weight that any object carries, scaled to maxWeight. */
      readonly weight: number;
      /** All objects carry this same weight. */
      readonly agreed: boolean;
      /** Managed routes are there that send requests (or copies) to the canary. */
      readonly managedRoutes: readonly string[];
      /** Where the router has selectors of its own (subsets): the revisions they select. */
      readonly stableRevision?: string;
      readonly canaryRevision?: string;
      /** Why this cannot work as it stands: its controller refused it (HTTPRoute Accepted=False…), nothing to split. */
      readonly refused?: string;
      /** Objects of this router that do not exist; they count as weight 0, and nothing is agreed without them. */
      readonly missing?: readonly string[];
    };

/** A header or mirror route of a step that this configuration cannot express. */
export interface RouteRefusal {
  /** Name of the managed route. */
  readonly route: string;
  readonly reason: string;
}

/** What a configuration is read with: the defaults that come from the StormService. */
export interface RoutingNames {
  /** Of the StormService. */
  readonly name: string;
  readonly rootService: string;
}

/** A dialect of traffic splitting. One folder holds exactly one; all obey the same contract test. */
export interface Router<Schema extends TSchema, Config> {
  /** Its field in `trafficRouting`, and the name of its folder. */
  readonly name: string;
  /** Of that field. Where it is a list, each item is a configuration of its own. */
  readonly schema: Schema;
  /** Directory under metacontroller/components that adds its kinds to the CompositeController. Default: the name. */
  readonly component: string;
  /** Default: nothing. */
  readonly lacks: readonly Feature[];
  /** The largest weight that its API accepts. Default: int32. */
  readonly maxWeight: number;
  /** The configurations with all defaults. Their canonical JSON is hashed: a change of it restarts running rollouts. */
  read(raw: Static<Schema>, names: RoutingNames, place: Place): readonly Config[];
  /** Kinds of the children it makes, as Metacontroller names them: `VirtualService.networking.istio.io/v1`. */
  kinds(config: Config): readonly string[];
  /**
   * What a schema cannot say about the configuration. `path` is its field path. What dynamic apply would corrupt is
   * refused unless the children are applied by the server. Default: nothing.
   */
  problems(config: Config, path: string, strategy?: ApplyStrategy): readonly Problem[];
  /** Header and mirror routes of the steps, taken together, that it cannot express beyond what it lacks. Default: none. */
  refusals(config: Config, routes: readonly ManagedRoute[]): readonly RouteRefusal[];
  /**
   * Which pods the root Service must select. 'allPods' where the router picks revisions out of its endpoints by label:
   * then a client that bypasses the router meets canaries as well. Default: stable.
   */
  rootService(config: Config): 'stable' | 'allPods';
  /** What it must see beside its own children, from the spec alone: cached per generation. Default: nothing. */
  related(config: Config, context: Pick<RouterContext, 'parent'>): readonly RelatedRule[];
  /** Children for a target. Merge-safe under dynamic apply. A missing related object: no child of it. */
  desired(config: Config, target: TrafficTarget, context: RouterContext): readonly KubeObject[];
  observed(config: Config, context: ObserverContext): ObservedTraffic;
}

type Optional = 'component' | 'lacks' | 'maxWeight' | 'problems' | 'refusals' | 'rootService' | 'related';

/** A router that does not write what it has nothing for. */
type RouterDefinition<Schema extends TSchema, Config> = Omit<Router<Schema, Config>, Optional> &
  Partial<Pick<Router<Schema, Config>, Optional>>;

export function defineRouter<Schema extends TSchema, Config>(
  definition: RouterDefinition<Schema, Config>,
): Router<Schema, Config> {
  return {
    component: definition.name,
    lacks: [],
    maxWeight: MAX_WEIGHT,
    refusals: () => [],
    rootService: () => 'stable',
    related: () => [],
    ...definition,
    problems: (config, path, strategy = 'dynamic-apply') => definition.problems?.(config, path, strategy) ?? [],
  };
}
