import type { Stage } from '../stage.js';
import { edited, type Manifest } from './manifest.js';

/** Placeholder in the samples for the address of a mesh's telemetry. */
const PLACEHOLDER = 'http://telemetry.mesh:8080';

/** The manifest with the telemetry address of this stage instead of the placeholder. */
export function withTelemetryOf({ mesh }: Pick<Stage, 'mesh'>, manifest: Manifest): Manifest {
  if (mesh === undefined || !JSON.stringify(manifest.objects).includes(`"${PLACEHOLDER}"`)) return manifest;
  return edited(manifest, { field: 'value', from: PLACEHOLDER, to: mesh.telemetryUrl });
}
