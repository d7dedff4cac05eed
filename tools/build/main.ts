/** `npm run build`: the hook as dist/hook.js, with the licences of what is bundled. */
import { rmSync, writeFileSync } from 'node:fs';
import { bundleHook, licencesOf } from './bundle.js';

rmSync('dist', { recursive: true, force: true });
const metafile = await bundleHook('dist');
writeFileSync('dist/LICENSES.txt', licencesOf(metafile));
