import type { KubeObject } from '../../src/metacontroller/object.js';
import type { JsonObject } from '../../src/schema/json.js';
import { type ApiServer, isNotFound } from './apiServer.js';

/** Objects of any kind. */
export interface Objects {
  get(apiVersion: string, kind: string, name: string, namespace?: string): Promise<KubeObject | undefined>;
  list(apiVersion: string, kind: string, namespace?: string, labels?: string): Promise<readonly KubeObject[]>;
  /** `kubectl apply --server-side --force-conflicts`. */
  apply(object: KubeObject): Promise<void>;
  /** `kubectl patch --type=merge`, under the field manager that kubectl uses for this command. */
  patch(object: KubeObject, patch: JsonObject, fieldManager: string): Promise<void>;
  /** An object that is gone is no error. */
  delete(object: KubeObject, policy: 'Background' | 'Orphan'): Promise<void>;
}

interface Resource {
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

export function objectsOf(api: ApiServer): Objects {
  const resources = new Map<string, Resource>();

  async function resourceOf(apiVersion: string, kind: string): Promise<Resource> {
    const key = `${kind}.${apiVersion}`;
    const known = resources.get(key);
    if (known) return known;
    const group = (await api.send('GET', groupPath(apiVersion))) as { resources: readonly Resource[] };
    const resource = group.resources.find(candidate => candidate.kind === kind && !candidate.name.includes('/'));
    if (!resource) throw new Error(`the cluster has no ${kind} of ${apiVersion}`);
    resources.set(key, resource);
    return resource;
  }

  async function pathOf(apiVersion: string, kind: string, namespace: string | undefined): Promise<string> {
    const { name, namespaced } = await resourceOf(apiVersion, kind);
    const within = namespaced && namespace !== undefined ? `/namespaces/${namespace}` : '';
    return `${groupPath(apiVersion)}${within}/${name}`;
  }

  const objectPath = async ({ apiVersion, kind, metadata }: KubeObject) =>
    `${await pathOf(apiVersion, kind, metadata.namespace)}/${metadata.name}`;

  return {
    async get(apiVersion, kind, name, namespace) {
      try {
        return (await api.send('GET', `${await pathOf(apiVersion, kind, namespace)}/${name}`)) as KubeObject;
      } catch (error) {
        if (isNotFound(error)) return undefined;
        throw error;
      }
    },
    async list(apiVersion, kind, namespace, labels = '') {
      const path = await pathOf(apiVersion, kind, namespace);
      const { items } = (await api.send('GET', `${path}?labelSelector=${encodeURIComponent(labels)}`)) as {
        items: readonly KubeObject[];
      };
      // In a list, objects of built-in kinds do not say what they are.
      return items.map(item => ({ ...item, apiVersion, kind }));
    },
    async apply(object) {
      const path = `${await objectPath(object)}?fieldManager=kubectl&force=true`;
      await api.send('PATCH', path, object, 'application/apply-patch+yaml');
    },
    async patch(object, patch, fieldManager) {
      const path = `${await objectPath(object)}?fieldManager=${fieldManager}`;
      await api.send('PATCH', path, patch, 'application/merge-patch+json');
    },
    async delete(object, policy) {
      try {
        await api.send('DELETE', `${await objectPath(object)}?propagationPolicy=${policy}`);
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
    },
  };
}

function groupPath(apiVersion: string): string {
  return apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}
