/** Commands from the keyboard instead of a scenario. */
import { emitKeypressEvents } from 'node:readline';
import {
  abort,
  apply,
  applyWithImage,
  approve,
  type Command,
  commandNow,
  pause,
  promote,
  resume,
  retry,
} from './command.js';
import { Traffic } from './load/traffic.js';
import { firstImage, laterImage, withTag } from './manifest/image.js';
import type { Manifest } from './manifest/manifest.js';
import { withTelemetryOf } from './manifest/telemetryAddress.js';
import type { Picture } from './picture/picture.js';
import { Director } from './scenarios/director.js';
import type { Stage } from './stage.js';
import type { View } from './view/view.js';

export const KEYS =
  '[n] new version  [b] bad version  [e] version with errors  [a] approve  [p] pause/resume  [x] abort  [r] retry  [f] full promotion  [q] quit';

/** Calls `pressed` for every key. Returns a function that stops it. */
export function keyboard(stream: NodeJS.ReadStream, pressed: (key: string) => void): () => void {
  const listener = (_: string | undefined, { name = '', ctrl }: { readonly name?: string; readonly ctrl: boolean }) =>
    pressed(ctrl && name === 'c' ? 'q' : name);
  emitKeypressEvents(stream);
  stream.setRawMode(true);
  stream.on('keypress', listener);
  stream.resume();
  return () => {
    stream.off('keypress', listener);
    stream.setRawMode(false);
    stream.pause();
  };
}

/** Keeps a cluster running until q is pressed. */
export async function playByHand(
  stage: Stage,
  view: View,
  written: Manifest,
  stream: NodeJS.ReadStream,
): Promise<void> {
  const manifest = withTelemetryOf(stage, written);
  const traffic = Traffic.towards(stage, manifest.object);
  const director = new Director(stage, view, manifest, Number.POSITIVE_INFINITY, traffic);
  const versions = createVersions(manifest);
  const press = async (key: string) => {
    const picture = await director.picture();
    const command = picture && commandOf(key, picture, versions);
    if (command) await director.run(command);
  };
  view.begin({ title: manifest.file, story: 'Each key runs a command, which is then shown.' });
  const stopFollowing = director.follow();
  let stopListening = () => {};
  try {
    await director.run(apply(manifest));
    await new Promise<void>((resolve, reject) => {
      stopListening = keyboard(stream, key => {
        if (key === 'q') resolve();
        else press(key).catch(reject);
      });
    });
  } finally {
    stopListening();
    stopFollowing();
    await traffic?.end();
  }
}

interface Versions {
  readonly next: () => Command;
  readonly withTag: (tag: string) => Command;
}

function createVersions(manifest: Manifest): Versions {
  const image = firstImage(manifest.object) ?? '';
  let count = 0;
  return {
    next: () => {
      count += 1;
      return applyWithImage(manifest, image, laterImage(image, count));
    },
    withTag: tag => applyWithImage(manifest, image, withTag(image, tag)),
  };
}

function commandOf(key: string, picture: Picture, versions: Versions): Command | undefined {
  const { name, paused, status } = picture;
  switch (key) {
    case 'n':
      return versions.next();
    case 'b':
      return versions.withTag('bad');
    case 'e':
      return versions.withTag('errors');
    case 'a':
      return status.phase === 'Paused' ? commandNow(picture) : approve(name);
    case 'p':
      return paused ? resume(name) : pause(name);
    case 'x':
      return abort(name);
    case 'r':
      return retry(name);
    case 'f':
      return promote(name);
    default:
      return undefined;
  }
}
