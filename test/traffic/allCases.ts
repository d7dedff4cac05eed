/** The contract cases of every router: those of a router are in cases/, in the file with its name. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ROUTER_NAMES, type RouterName } from '../../src/routers/routers.js';
import { type Case, type CaseOf, routers } from './cases.js';

export const CASES: readonly Case[] = (await Promise.all(ROUTER_NAMES.map(casesOf))).flat();

/** None where the file is missing: registry.test.ts asks for it. */
async function casesOf(name: RouterName): Promise<readonly Case[]> {
  const file = new URL(`cases/${name}.ts`, import.meta.url);
  if (!existsSync(fileURLToPath(file))) return [];
  const { cases }: { readonly cases: readonly CaseOf<RouterName>[] } = await import(`./cases/${name}.ts`);
  return cases.flatMap(({ config, ...each }) => routers({ [name]: config }).map(spec => ({ ...each, spec })));
}
