import { usesRemoteMetrics } from '../load/standIn.js';
import { firstImage, laterImage } from '../manifest/image.js';
import type { Manifest } from '../manifest/manifest.js';
import type { Picture } from '../picture/picture.js';
import type { Director } from './director.js';
import type { Scenario } from './scenario.js';

/** Cluster seconds that a gate is shown; a longer timed pause is passed early. */
const AT_A_GATE = 20;

/** For pods with a large minReadySeconds. */
const PATIENCE = 3600;

/** For a user's own StormService: its first version, then another image, with every gate approved. */
export function fileScenario(manifest: Manifest): Scenario {
  return {
    sample: manifest.file,
    title: manifest.file,
    story: storyOf(manifest),
    expected: { phase: 'Healthy' },
    patience: PATIENCE,
    play: async director => {
      const image = firstImage(manifest.object) ?? '';
      await director.deploy();
      await director.change(image, laterImage(image, 1));
      await throughGates(director);
    },
  };
}

/** Metrics systems on other machines are not queried; the story says so. */
function storyOf({ objects }: Manifest): string {
  const story = 'The first version, then a second one with another image. Every gate is approved.';
  return objects.some(usesRemoteMetrics) ? `${story} Metrics systems on other machines are replaced by a stub.` : story;
}

async function throughGates(director: Director): Promise<void> {
  await director.until('it waits or is finished', picture => isOver(picture) || waitsLong(picture));
  const picture = await director.picture();
  if (!picture || isOver(picture)) return;
  await director.holdsFor(AT_A_GATE);
  await director.approve();
  await director.until(
    'the gate is passed',
    ({ status }) => status.currentStepIndex !== picture.status.currentStepIndex,
  );
  await throughGates(director);
}

function isOver({ status: { phase } }: Picture): boolean {
  return phase === 'Healthy' || phase === 'Degraded';
}

function waitsLong({ at, status: { phase, pause } }: Picture): boolean {
  if (phase !== 'Paused') return false;
  return pause?.until === undefined || Date.parse(pause.until) - at > AT_A_GATE * 1000;
}
