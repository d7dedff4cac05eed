import { createHook } from './hook.js';
import { realSurroundings, start } from './start.js';

await start(({ applyStrategy }) => createHook({ applyStrategy }, Date.now), realSurroundings);
