import { kindOf, REPLICA_SET, SECRET, SERVICE } from '../../metacontroller/children.js';
import type { KubeObject } from '../../metacontroller/object.js';
import type { Json, JsonObject } from '../../schema/json.js';
import { isList, isObject } from '../../schema/json.js';

/** What the API server fills in when it stores an object. `freeIp` gives the next free cluster IP. */
export function withDefaults(object: KubeObject, freeIp: () => string): KubeObject {
  switch (kindOf(object)) {
    case SERVICE:
      return {
        ...object,
        spec: serviceDefaults(objectOf(object['spec']), freeIp),
        status: object['status'] ?? { loadBalancer: {} },
      };
    case REPLICA_SET:
      return {
        ...object,
        spec: replicaSetDefaults(objectOf(object['spec'])),
        status: object['status'] ?? { replicas: 0 },
      };
    case SECRET:
      return secretDefaults(object);
    default:
      return object;
  }
}

/** What is written as text is stored as the rest is: in base64. */
function secretDefaults({ stringData, ...secret }: KubeObject & { readonly stringData?: unknown }): KubeObject {
  const texts = Object.entries(objectOf(stringData));
  const encoded = texts.map(([key, text]) => [key, Buffer.from(String(text)).toString('base64')]);
  const data = { ...objectOf(secret['data']), ...Object.fromEntries(encoded) };
  return { ...secret, ...(texts.length > 0 && { data }), type: secret['type'] ?? 'Opaque' } as KubeObject;
}

function serviceDefaults(spec: JsonObject, freeIp: () => string): JsonObject {
  const clusterIP = spec['clusterIP'] ?? freeIp();
  return {
    clusterIP,
    clusterIPs: [clusterIP],
    internalTrafficPolicy: 'Cluster',
    ipFamilies: ['IPv4'],
    ipFamilyPolicy: 'SingleStack',
    sessionAffinity: 'None',
    type: 'ClusterIP',
    ...spec,
    ...(isList(spec['ports']) && { ports: spec['ports'].map(servicePort) }),
  };
}

function servicePort(port: Json): Json {
  return isObject(port) ? { protocol: 'TCP', targetPort: port['port'], ...port } : port;
}

function replicaSetDefaults(spec: JsonObject): JsonObject {
  const template = objectOf(spec['template']);
  return { replicas: 1, ...spec, template: { ...template, spec: podDefaults(objectOf(template['spec'])) } };
}

function podDefaults(spec: JsonObject): JsonObject {
  return {
    dnsPolicy: 'ClusterFirst',
    restartPolicy: 'Always',
    schedulerName: 'default-scheduler',
    securityContext: {},
    terminationGracePeriodSeconds: 30,
    ...spec,
    ...(isList(spec['containers']) && { containers: spec['containers'].map(containerDefaults) }),
    ...(isList(spec['initContainers']) && { initContainers: spec['initContainers'].map(containerDefaults) }),
  };
}

function containerDefaults(container: Json): Json {
  if (!isObject(container)) return container;
  return {
    imagePullPolicy: pullPolicy(container['image']),
    resources: {},
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    ...container,
    ...(isList(container['ports']) && { ports: container['ports'].map(containerPort) }),
  };
}

function containerPort(port: Json): Json {
  return isObject(port) ? { protocol: 'TCP', ...port } : port;
}

/** Images without a tag, or with `latest`, are pulled always. */
function pullPolicy(image: Json | undefined): string {
  const name = typeof image === 'string' ? (image.split('/').at(-1) ?? '') : '';
  if (name.includes('@')) return 'IfNotPresent';
  return name.includes(':') && !name.endsWith(':latest') ? 'IfNotPresent' : 'Always';
}

function objectOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}
