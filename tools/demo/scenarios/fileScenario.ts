import { asksElsewhere } from '../load/standIn.js';
import { firstImage, laterImage } from '../manifest/image.js';
import type { Manifest } from '../manifest/manifest.js';
import type { Picture } from '../picture/picture.js';
import type { Director } from './director.js';
import type { Scenario } from './scenario.js';

/** Seconds of the cluster that a gate is looked at; a timed pause that has more than that to go is passed early. */
const AT_A_GATE = 20;

/** For pods that have to be ready for long before they count. */
const PATIENCE = 3600;

/** What becomes of a user's own StormService: its first version, then another image, with every gate approved. */
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

/** Metrics systems elsewhere are not asked, and whoever looks is told. */
function storyOf({ objects }: Manifest): string {
  const story = 'Its first version, then a second one with another image. Every gate is approved.';
  return objects.some(asksElsewhere) ? `${story} Where metrics are not of this machine, a stand-in answers.` : story;
}

async function throughGates(director: Director): Promise<void> {
  await director.until('it waits or is over', picture => isOver(picture) || waitsLong(picture));
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
