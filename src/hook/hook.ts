import type { Hook } from '../metacontroller/hook.js';
import type { Instant } from '../schema/instant.js';
import { answerCustomize } from './customize.js';
import { answerDecorate } from './decorate.js';
import { answerCustomizePod, answerDecoratePod } from './decoratePods.js';
import type { Analysis } from './measure.js';
import type { Settings } from './settings.js';
import { sync } from './sync.js';

/** The hook with a clock and a fetcher: called by the server and the sandbox. Only the fetcher uses the network. */
export function createHook(settings: Settings, clock: () => Instant, analysis?: Analysis): Hook {
  return {
    sync: (request, delegate) => sync(request, { clock, settings, analysis, delegate }),
    customize: async request => answerCustomize(request, settings),
    decorate: async request => answerDecorate(request),
    customizePod: async request => answerCustomizePod(request),
    decoratePod: async request => answerDecoratePod(request),
  };
}
