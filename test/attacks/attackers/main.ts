/** The process of the attackers: their StormServices with a Metacontroller, and their metrics systems. */
import { borrowedWorkers } from '../sharedWorkers.js';
import { LocalWorkers } from '../workers.js';
import type { Site } from './attack.js';
import { ATTACKS } from './attacks.js';
import { type HostileServer, startHostileServer } from './hostileServer.js';
import { HostileService } from './hostileService.js';
import type { Orders, Report } from './orders.js';

const REPORT_MS = 500;
const START_EVERY_MS = 50;
/** Some attacks are made from one namespace together, to have more than its share of everything. */
const SHARED = 'hostile';
const SHARED_EVERY = 3;

const borrowed = borrowedWorkers();
// The probe lets go of it.
process.channel?.ref();
process.once('message', (orders: Orders) => void begin(orders));

async function begin(orders: Orders): Promise<void> {
  const workers = orders.workers === 'shared' ? borrowed : new LocalWorkers(orders.workers);
  const sites = siteMaker(orders, await startHostileServer());
  const attackers = ATTACKS.filter(({ name }) => name.includes(orders.only)).flatMap(attack => {
    // At least one, so that a short run has every attack.
    const count = Math.max(1, Math.round(attack.count * orders.share));
    return Array.from({ length: count }, () => new HostileService(attack, sites(), workers));
  });
  for (const [index, attacker] of attackers.entries()) setTimeout(() => void attacker.run(), index * START_EVERY_MS);
  setInterval(() => process.send?.({ attackers: reportOf(attackers) }), REPORT_MS);
}

function siteMaker({ hook, hookMetrics, good }: Orders, server: HostileServer): () => Site {
  let index = 0;
  return () => {
    index += 1;
    const namespace = index % SHARED_EVERY === 0 ? SHARED : `hostile-${index}`;
    return { namespace, name: `h${index}`, index, hostile: host => server.address(host), good, hook, hookMetrics };
  };
}

function reportOf(attackers: readonly HostileService[]): readonly Report[] {
  const names = new Set(attackers.map(({ attack }) => attack.name));
  return Array.from(names, name => {
    const services = attackers.filter(({ attack }) => attack.name === name);
    return {
      name,
      stormServices: services.length,
      syncs: services.reduce((sum, { syncs }) => sum + syncs, 0),
      workerSeconds: services.reduce((sum, { heldMs }) => sum + heldMs, 0) / 1000,
      shown: services.filter(({ shown }) => shown).length,
      unexpected: services.flatMap(({ unexpected }) => unexpected),
    };
  });
}
