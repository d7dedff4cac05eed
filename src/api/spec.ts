/**
 * StormService.spec as the rest of the hook reads it: first-draft forms normalised, defaults applied, durations in
 * seconds, the template always a list of roles. Made by `readSpec`; nothing else reads the raw spec.
 */
import type { ServicePort, SetHeaderRouteAction, SetMirrorRouteAction } from '../routers/router.js';
import type { RouterSpec } from '../routers/routers.js';
import type { IntOrPercent } from '../schema/intOrPercent.js';
import type { JsonObject } from '../schema/json.js';

/** A pod template as the user wrote it, checked against Kubernetes' own schema. */
export interface PodTemplate {
  readonly metadata?: {
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: JsonObject;
}

export interface Role {
  /** '' for the single role of a plain pod template. */
  readonly name: string;
  /** Pods of this role in one role set: role.replicas × podGroupSize; 1 for a plain template. */
  readonly pods: number;
  /** Roles of a revision grow in ascending order; equal ones together. */
  readonly upgradeOrder: number;
  readonly template: PodTemplate;
}

export interface ServiceSpec {
  /** Root Service: `<name>` of the StormService unless given. */
  readonly name: string;
  /** Never empty: without any port no Service is made and `Spec.service` is absent. */
  readonly ports: readonly ServicePort[];
  readonly type?: 'ClusterIP' | 'NodePort' | 'LoadBalancer';
  /** With roles: only pods of this role are selected. Absent: pods of all roles. */
  readonly role?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** Labels and annotations added to the pod templates of a revision. */
export interface PodMetadata {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** Seconds, or null: until approved. */
export interface PauseAction {
  readonly action: 'pause';
  readonly seconds: number | null;
}

export interface SetWeightAction {
  readonly action: 'setWeight';
  readonly weight: number;
}

export interface SetCanaryScaleAction {
  readonly action: 'setCanaryScale';
  readonly scale:
    | { readonly by: 'replicas'; readonly replicas: number }
    | { readonly by: 'weight'; readonly weight: number }
    | { readonly by: 'traffic' };
}

export interface AnalysisAction {
  readonly action: 'analysis';
  readonly analysis: AnalysisRef;
}

/** One step. A first-draft step with several actions becomes several steps that share one index in the user's list. */
export type Step = (
  | SetWeightAction
  | PauseAction
  | SetCanaryScaleAction
  | AnalysisAction
  | SetHeaderRouteAction
  | SetMirrorRouteAction
) & { readonly name?: string };

/** Analysis as written in a step, in the background or before and after promotion. */
export interface AnalysisRef {
  readonly templates: readonly { readonly templateName: string; readonly clusterScope: boolean }[];
  readonly args: readonly JsonObject[];
  readonly metrics: readonly JsonObject[];
  /** Names of metrics ('*': all) whose result decides nothing. */
  readonly dryRun?: readonly string[];
  /** Measurements to keep in status, by name of the metric ('*': all). */
  readonly measurementRetention?: readonly { readonly metricName: string; readonly limit: number }[];
}

export interface TrafficRouting {
  /** Never empty. */
  readonly routers: readonly RouterSpec[];
  readonly managedRoutes: readonly string[];
  readonly maxTrafficWeight: number;
  readonly settleSeconds: number;
}

export interface AutoRollback {
  readonly enabled: boolean;
  readonly onAnalysisFailure: boolean;
  readonly onHealthCheckFailure: boolean;
  /** How many (number) or what share (per cent) of measurements and checks may fail or err. */
  readonly errorThreshold?: IntOrPercent;
  readonly timeoutSeconds?: number;
  readonly healthChecks: readonly JsonObject[];
  readonly bakeSeconds: number;
}

export interface RollingUpdateStrategy {
  readonly type: 'RollingUpdate';
  readonly maxSurge: IntOrPercent;
  readonly maxUnavailable: IntOrPercent;
  readonly autoRollback?: AutoRollback;
}

export interface CanaryStrategy {
  readonly type: 'Canary';
  readonly maxSurge: IntOrPercent;
  readonly maxUnavailable: IntOrPercent;
  readonly steps: readonly Step[];
  readonly stableService: string;
  readonly canaryService: string;
  readonly trafficRouting?: TrafficRouting;
  readonly analysis?: AnalysisRef & { readonly startingStep: number };
  readonly dynamicStableScale: boolean;
  readonly scaleDownDelaySeconds: number;
  /** 0: never. */
  readonly abortScaleDownDelaySeconds: number;
  readonly minPodsPerReplicaSet: number;
  readonly canaryMetadata: PodMetadata;
  readonly stableMetadata: PodMetadata;
  /** How many earlier revisions are gone back to without steps; 0: none but stable. */
  readonly rollbackWindow: number;
  readonly autoRollback?: AutoRollback;
}

export interface BlueGreenStrategy {
  readonly type: 'BlueGreen';
  readonly activeService: string;
  readonly previewService: string;
  readonly previewReplicaCount?: number;
  readonly autoPromotionEnabled: boolean;
  readonly autoPromotionSeconds: number;
  readonly scaleDownDelaySeconds: number;
  /** 0: never. */
  readonly abortScaleDownDelaySeconds: number;
  readonly prePromotionAnalysis?: AnalysisRef;
  readonly postPromotionAnalysis?: AnalysisRef;
  readonly previewMetadata: PodMetadata;
  readonly activeMetadata: PodMetadata;
  readonly rollbackWindow: number;
  readonly settleSeconds: number;
  readonly autoRollback?: AutoRollback;
}

export type Strategy = RollingUpdateStrategy | CanaryStrategy | BlueGreenStrategy;

export interface Spec {
  /** Pods, or whole role sets. */
  readonly replicas: number;
  /** Length ≥ 1, in the user's order. */
  readonly roles: readonly Role[];
  /** The template as the user wrote it: what the revision's hash is taken of and what history keeps. */
  readonly template: JsonObject;
  readonly minReadySeconds: number;
  readonly revisionHistoryLimit: number;
  readonly progressDeadlineSeconds: number;
  readonly progressDeadlineAbort: boolean;
  readonly paused: boolean;
  readonly service?: ServiceSpec;
  readonly strategy: Strategy;
  /** Whether a first deployment is measured too. */
  readonly analysisOnFirstDeployment: boolean;
  /** Finished analysis runs to keep in status. Always set by `readSpec`. */
  readonly analysisHistory?: { readonly successful: number; readonly unsuccessful: number };
}
