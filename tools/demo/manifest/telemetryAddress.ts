import type { Stage } from '../stage.js';
import { edited, type Manifest } from './manifest.js';

/** Stands in the samples for the address of a mesh's telemetry. */
const PLACEHOLDER = 'http://telemetry.mesh:8080';

/** The manifest with the address of the telemetry that this stage has, where it asks for one. */
export function withTelemetryOf({ mesh }: Pick<Stage, 'mesh'>, manifest: Manifest): Manifest {
  if (mesh === undefined || !JSON.stringify(manifest.objects).includes(`"${PLACEHOLDER}"`)) return manifest;
  return edited(manifest, { field: 'value', from: PLACEHOLDER, to: mesh.telemetryUrl });
}
