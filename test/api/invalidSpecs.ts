/** Specs that are invalid, each for one reason. */
import {
  blueGreen,
  canary,
  container,
  metric,
  role,
  roles,
  routed,
  spec,
  stepMetric,
  steps,
  template,
  withStrategy,
} from './specs.js';

/** What is written, and the path that the condition must name. */
export const INVALID: readonly (readonly [title: string, raw: unknown, path: string])[] = [
  ['no spec at all', null, 'spec'],
  ['a spec that is a list', [], 'spec'],
  ['no template', { replicas: 3 }, 'spec.template'],
  ['replicas that are negative', spec({ replicas: -1 }), 'spec.replicas'],
  ['replicas in words', spec({ replicas: 'three' }), 'spec.replicas'],
  ['a field that does not exist', spec({ replica: 3 }), 'spec.replica'],
  ['a template without containers', spec({ template: { spec: {} } }), 'spec.template.spec'],
  ['an empty list of containers', spec({ template: template({ containers: [] }) }), 'spec.template.spec.containers'],
  [
    'a typo in a container',
    spec({ template: template({ containers: [container({ imagePullPolcy: 'Always' })] }) }),
    'spec.template.spec.containers[0].imagePullPolcy',
  ],
  [
    'a label that is no string',
    spec({ template: template({}, { labels: { on: true } }) }),
    'spec.template.metadata.labels.on',
  ],
  [
    'a selector that selects other pods',
    spec({ selector: { matchLabels: { app: 'other' } } }),
    'spec.selector.matchLabels.app',
  ],
  ['two strategies', withStrategy({ canary: {}, blueGreen: {} }), 'spec.rolloutStrategy'],
  ['a type without its strategy', withStrategy({ type: 'Canary', blueGreen: {} }), 'spec.rolloutStrategy.type'],
  ['a type that does not exist', withStrategy({ type: 'Recreate' }), 'spec.rolloutStrategy.type'],
  [
    'no surge and nothing unavailable',
    canary({ maxSurge: 0, maxUnavailable: '0%' }),
    'spec.rolloutStrategy.canary.maxUnavailable',
  ],
  ['a surge in words', canary({ maxSurge: 'some' }), 'spec.rolloutStrategy.canary.maxSurge'],
  ['a weight over 100', steps({ setWeight: 101 }), 'spec.rolloutStrategy.canary.steps[0].setWeight'],
  ['a weight below 0', steps({ setWeight: -5 }), 'spec.rolloutStrategy.canary.steps[0].setWeight'],
  ['a step without an action', steps({}), 'spec.rolloutStrategy.canary.steps[0]'],
  ['a pause of false', steps({ pause: false }), 'spec.rolloutStrategy.canary.steps[0].pause'],
  [
    'a duration in words',
    steps({ pause: { duration: 'a while' } }),
    'spec.rolloutStrategy.canary.steps[0].pause.duration',
  ],
  [
    'a duration that no calendar holds',
    steps({ pause: { duration: '99999999999h' } }),
    'spec.rolloutStrategy.canary.steps[0].pause.duration',
  ],
  [
    'a canary scale without routing',
    steps({ setCanaryScale: { replicas: 1 } }),
    'spec.rolloutStrategy.canary.steps[0].setCanaryScale',
  ],
  [
    'two steps of one name',
    steps({ name: 'a', setWeight: 1 }, { name: 'a', setWeight: 2 }),
    'spec.rolloutStrategy.canary.steps[1].name',
  ],
  [
    'dynamicStableScale without routing',
    canary({ dynamicStableScale: true }),
    'spec.rolloutStrategy.canary.dynamicStableScale',
  ],
  [
    'a canary Service without routing',
    canary({ canaryService: 'web-canary' }),
    'spec.rolloutStrategy.canary.canaryService',
  ],
  [
    'a scale-down delay without routing',
    canary({ scaleDownDelaySeconds: 30 }),
    'spec.rolloutStrategy.canary.scaleDownDelaySeconds',
  ],
  ['a deadline that every rollout exceeds', spec({ minReadySeconds: 600 }), 'spec.progressDeadlineSeconds'],
  ['routing without a router', routed({}, { setWeight: 5 }), 'spec.rolloutStrategy.canary.trafficRouting'],
  [
    'one Service for active and preview',
    blueGreen({ activeService: 'web', previewService: 'web' }),
    'spec.rolloutStrategy.blueGreen.previewService',
  ],
  [
    'seconds to a promotion that is switched off',
    blueGreen({ autoPromotionEnabled: false, autoPromotionSeconds: 5 }),
    'spec.rolloutStrategy.blueGreen.autoPromotionSeconds',
  ],
  [
    'blue-green without any port',
    { ...blueGreen({}), template: template({ containers: [container({ ports: [] })] }) },
    'spec.service.ports',
  ],
  [
    'an analysis condition that does not parse',
    stepMetric({ successCondition: 'result >' }),
    'spec.rolloutStrategy.canary.steps[0].analysis.metrics[0].successCondition',
  ],
  [
    'a metric without a provider',
    steps({ analysis: { metrics: [metric({ provider: {} })] } }),
    'spec.rolloutStrategy.canary.steps[0].analysis.metrics[0].provider',
  ],
  ['two roles of one name', roles(role(), role()), 'spec.template.spec.roles[1].name'],
  [
    'containers beside roles',
    spec({ template: { spec: { containers: [container()], roles: [role()] } } }),
    'spec.template.spec',
  ],
  ['a Service name that cannot be one', spec({ service: { name: 'My_App' } }), 'spec.service.name'],
  [
    'a Service port that no container has',
    spec({ service: { ports: [{ port: 80, targetPort: 'grpc' }] } }),
    'spec.service.ports[0].targetPort',
  ],
  [
    'a duration with a unit that does not exist',
    steps({ pause: { duration: '30x' } }),
    'spec.rolloutStrategy.canary.steps[0].pause.duration',
  ],
  ['a duration below 0', steps({ pause: { duration: -5 } }), 'spec.rolloutStrategy.canary.steps[0].pause.duration'],
  [
    'a pause for a time and until approved',
    steps({ pause: { duration: 30, untilApproval: true } }),
    'spec.rolloutStrategy.canary.steps[0].pause',
  ],
  ['a pause until nothing', steps({ pause: { untilApproval: false } }), 'spec.rolloutStrategy.canary.steps[0].pause'],
  ['a pause in words', steps({ pause: 'yes' }), 'spec.rolloutStrategy.canary.steps[0].pause'],
  [
    'a timeout that is no duration',
    withStrategy({ canary: {}, autoRollback: { onTimeout: '30x' } }),
    'spec.rolloutStrategy.autoRollback.onTimeout',
  ],
  [
    'a threshold that is no percentage',
    withStrategy({ canary: {}, autoRollback: { onFailure: { errorThreshold: 'few' } } }),
    'spec.rolloutStrategy.autoRollback.onFailure.errorThreshold',
  ],
  [
    'an interval that is no duration',
    stepMetric({ interval: '30x', count: 3 }),
    'spec.rolloutStrategy.canary.steps[0].analysis.metrics[0].interval',
  ],
  [
    'an interval of nothing',
    stepMetric({ interval: 0, count: 3 }),
    'spec.rolloutStrategy.canary.steps[0].analysis.metrics[0].interval',
  ],
  [
    'several measurements without an interval',
    stepMetric({ count: 3 }),
    'spec.rolloutStrategy.canary.steps[0].analysis.metrics[0].count',
  ],
  [
    'a metric that never ends, in a step',
    stepMetric({ interval: '1m' }),
    'spec.rolloutStrategy.canary.steps[0].analysis.metrics[0]',
  ],
  [
    'two metrics of one name',
    steps({ analysis: { metrics: [metric(), metric()] } }),
    'spec.rolloutStrategy.canary.steps[0].analysis.metrics[1].name',
  ],
  [
    'two providers',
    stepMetric({
      provider: { graphite: { address: 'http://a', query: 'b' }, prometheus: { address: 'http://a', query: 'b' } },
    }),
    'spec.rolloutStrategy.canary.steps[0].analysis.metrics[0].provider',
  ],
  ['an analysis of nothing', steps({ analysis: {} }), 'spec.rolloutStrategy.canary.steps[0].analysis'],
  [
    'an argument with two sources',
    steps({
      analysis: {
        metrics: [metric()],
        args: [{ name: 'a', valueFrom: { podTemplateHashValue: 'Latest', secretKeyRef: { name: 'b', key: 'c' } } }],
      },
    }),
    'spec.rolloutStrategy.canary.steps[0].analysis.args[0].valueFrom',
  ],
  [
    'a starting step beyond the last step',
    canary({ steps: [{ setWeight: 5 }], analysis: { metrics: [metric()], startingStep: 2 } }),
    'spec.rolloutStrategy.canary.analysis.startingStep',
  ],
  [
    'a health check of a URL that is none',
    withStrategy({ canary: {}, autoRollback: { healthChecks: [{ name: 'a', http: { url: 'my-app' } }] } }),
    'spec.rolloutStrategy.autoRollback.healthChecks[0].http.url',
  ],
  [
    'a header route that is not managed',
    routed({ smi: {} }, { setHeaderRoute: { name: 'a' } }),
    'spec.rolloutStrategy.canary.steps[0].setHeaderRoute.name',
  ],
  [
    'a header that is matched by nothing',
    routed(
      { istio: {}, managedRoutes: [{ name: 'a' }] },
      { setHeaderRoute: { name: 'a', match: [{ headerName: 'x', headerValue: {} }] } },
    ),
    'spec.rolloutStrategy.canary.steps[0].setHeaderRoute.match[0].headerValue',
  ],
  [
    'hosts beside the spec of a VirtualService',
    routed({ istio: { virtualService: { spec: {}, hosts: ['a'] } } }),
    'spec.rolloutStrategy.canary.trafficRouting.istio.virtualService',
  ],
  [
    'a splitting that does not exist',
    routed({ istio: { destinationRule: { splitting: 'host' } } }),
    'spec.rolloutStrategy.canary.trafficRouting.istio.destinationRule.splitting',
  ],
  [
    'a template router without a kind',
    routed({ template: [{ object: { apiVersion: 'a.io/v1', a: '$(canaryWeight)' } }] }),
    'spec.rolloutStrategy.canary.trafficRouting.template[0].object.kind',
  ],
  [
    'weights that the Gateway API does not take',
    routed({ gatewayAPI: { httpRoute: { parentRefs: [{ name: 'a' }] } }, maxTrafficWeight: 1_000_001 }),
    'spec.rolloutStrategy.canary.trafficRouting.maxTrafficWeight',
  ],
  [
    'one Service for stable and canary',
    canary({ trafficRouting: { smi: {} }, stableService: 'web', canaryService: 'web' }),
    'spec.rolloutStrategy.canary.canaryService',
  ],
  [
    'a label of ours on the canary',
    canary({ canaryMetadata: { labels: { 'orchestration.aibrix.io/revision': 'a' } } }),
    'spec.rolloutStrategy.canary.canaryMetadata.labels[orchestration.aibrix.io/revision]',
  ],
  [
    'a label value with a space',
    canary({ canaryMetadata: { labels: { role: 'the canary' } } }),
    'spec.rolloutStrategy.canary.canaryMetadata.labels.role',
  ],
  [
    'a container without an image',
    spec({ template: template({ containers: [{ name: 'web' }] }) }),
    'spec.template.spec.containers[0].image',
  ],
  [
    'two containers of one name',
    spec({ template: template({ containers: [container(), container({ ports: [] })] }) }),
    'spec.template.spec.containers[1].name',
  ],
  ['a role name with capitals', roles(role({ name: 'Prefill' })), 'spec.template.spec.roles[0].name'],
  ['a Service for a role that does not exist', spec({ service: { role: 'router' } }), 'spec.service.role'],
  [
    'two Service ports without names',
    spec({ service: { ports: [{ port: 80 }, { port: 81 }] } }),
    'spec.service.ports[0].name',
  ],
  [
    'one Service port twice',
    spec({
      service: {
        ports: [
          { name: 'a', port: 80 },
          { name: 'b', port: 80 },
        ],
      },
    }),
    'spec.service.ports[1].port',
  ],
];

/** Which of them only the hook refuses, and why the API server cannot. */
export const LEFT_TO_THE_HOOK: Readonly<Record<string, string>> = {
  'a typo in a container': 'pod templates are open in the CRD, which would be too large with their schema',
  'blue-green without any port': 'ports of containers belong to the open part of a pod template',
  'an analysis condition that does not parse': 'an expression in a string',
  'a Service port that no container has': 'ports of containers belong to the open part of a pod template',
};
