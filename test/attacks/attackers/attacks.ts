import type { Attack } from './attack.js';
import { REQUESTS } from './kinds/requests.js';
import { RESPONSES } from './kinds/responses.js';
import { ROUTERS } from './kinds/routers.js';
import { SECRETS } from './kinds/secrets.js';
import { SERVERS } from './kinds/servers.js';
import { SPECS } from './kinds/specs.js';

/** A hundred StormServices. */
export const ATTACKS: readonly Attack[] = [...SERVERS, ...RESPONSES, ...SPECS, ...ROUTERS, ...SECRETS, ...REQUESTS];
