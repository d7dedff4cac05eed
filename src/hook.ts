import { answerCustomize, answerDecorate, answerSync, type Settings } from './answer.js';
import type { Instant } from './instant.js';
import type { Hook } from './metacontroller/hook.js';

/** The hook with a clock: what the server and the sandbox call. */
export function createHook(settings: Settings, clock: () => Instant): Hook {
  return {
    sync: async request => answerSync(request, clock(), settings),
    customize: async request => answerCustomize(request, settings),
    decorate: async request => answerDecorate(request),
  };
}
