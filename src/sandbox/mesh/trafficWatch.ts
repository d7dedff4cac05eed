import type { Spec } from '../../api/spec.js';
import type { KubeObject } from '../../metacontroller/object.js';
import { STORM_SERVICE } from '../cluster/kinds.js';
import type { ObjectKey } from '../cluster/objectKey.js';
import { chapterOf } from './chapter.js';
import type { MeshSource } from './controlPlane.js';
import { Recorder } from './recorder.js';

/**
 * A recorder that knows at every moment what one StormService's rollout allows: it turns the page in the very write
 * that changes it, so that no request is held against a weight of before or after. Returns the way to stop, too.
 */
export function recordRollout(
  { cluster, clock }: Pick<MeshSource, 'cluster' | 'clock'>,
  stormService: ObjectKey,
  specOf: (object: KubeObject) => Spec | undefined,
): { readonly recorder: Recorder; readonly stop: () => void } {
  const recorder = new Recorder(() => clock.now());
  const turn = (object: KubeObject | undefined) => {
    const spec = object && specOf(object);
    const chapter = object && spec && chapterOf(object, spec, clock.now());
    if (chapter !== undefined) recorder.enter(chapter);
  };
  turn(cluster.get(STORM_SERVICE, stormService));
  const stop = cluster.watch(({ kind, key, after }) => {
    if (kind === STORM_SERVICE && key === stormService) turn(after);
  });
  return { recorder, stop };
}
