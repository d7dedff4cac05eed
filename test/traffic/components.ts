/** The kustomize components of routers, and how a CompositeController lists what they add. */
import type { KubeObject } from '../../src/metacontroller/object.js';
import { type Manifest, manifests } from '../manifests.js';

/** `apiVersion resource` of what a component adds to the CompositeController. */
export function componentKinds(component: string): readonly string[] {
  const [{ patches }] = manifests(`${component}/kustomization.yaml`);
  return patches.flatMap(({ patch }: Manifest) =>
    [...String(patch).matchAll(/apiVersion: (\S+)\s+resource: (\S+)/g)].map(
      ([, version, resource]) => `${version} ${resource}`,
    ),
  );
}

/** `apiVersion resource` of a kind. */
export function listed({ apiVersion, kind }: Pick<KubeObject, 'apiVersion' | 'kind'>): string {
  const lower = kind.toLowerCase();
  if (lower.endsWith('y')) return `${apiVersion} ${lower.slice(0, -1)}ies`;
  return `${apiVersion} ${lower}${lower.endsWith('s') ? 'es' : 's'}`;
}
