/**
 * ANALYSIS_ALLOW: what analysis may reach, and nothing else. Entries are separated by commas or white space:
 * `prometheus.monitoring`, `*.example.com` (any name below it), `10.0.0.0/8`, `127.0.0.1`, `[::1]`, each of them with
 * `:<port>` or without (any port).
 */
import { BlockList, isIP } from 'node:net';

export interface AllowList {
  /** Whether some entry names this host for this port: an exact name, a pattern, or neither. */
  name(host: string, port: number): 'exact' | 'pattern' | 'none';
  address(ip: string, port: number): boolean;
}

export type AllowListResult =
  | { readonly ok: true; readonly list: AllowList }
  | { readonly ok: false; readonly problem: string };

interface NameEntry {
  readonly name: string;
  readonly port: number | undefined;
}

interface AddressEntry {
  readonly addresses: BlockList;
  readonly family: 4 | 6;
  readonly port: number | undefined;
}

const NAME = /^(\*\.)?[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*$/;
/** Host or network, in brackets if it is IPv6 with a port, and a port. */
const ENTRY = /^(?:\[([^\]]+)\]|([^:]+)|([^[\]]*:[^[\]]*:[^[\]]*))(?::(\d{1,5}))?$/;

/** An empty text allows nothing at all. */
export function parseAllowList(text: string): AllowListResult {
  const names: NameEntry[] = [];
  const addresses: AddressEntry[] = [];
  for (const entry of text.split(/[\s,]+/).filter(part => part !== '')) {
    const parsed = parseEntry(entry.toLowerCase());
    if (parsed === undefined) {
      return { ok: false, problem: `"${entry}" is not a host, *.domain, IP address or CIDR, with or without :port` };
    }
    if ('name' in parsed) names.push(parsed);
    else addresses.push(parsed);
  }
  return { ok: true, list: listOf(names, addresses) };
}

function listOf(names: readonly NameEntry[], addresses: readonly AddressEntry[]): AllowList {
  return {
    name: (host, port) => {
      const matching = names.filter(entry => portMatches(entry.port, port) && nameMatches(entry.name, host));
      if (matching.some(entry => entry.name === host)) return 'exact';
      return matching.length > 0 ? 'pattern' : 'none';
    },
    address: (ip, port) => {
      const family = isIP(ip);
      return addresses.some(
        entry =>
          entry.family === family &&
          portMatches(entry.port, port) &&
          entry.addresses.check(ip, family === 6 ? 'ipv6' : 'ipv4'),
      );
    },
  };
}

function parseEntry(entry: string): NameEntry | AddressEntry | undefined {
  const match = ENTRY.exec(entry);
  if (!match) return undefined;
  const host = match[1] ?? match[2] ?? match[3] ?? '';
  const port = match[4] === undefined ? undefined : Number(match[4]);
  if (port !== undefined && (port < 1 || port > 65_535)) return undefined;
  return addressEntry(host, port) ?? (NAME.test(host) ? { name: host, port } : undefined);
}

function addressEntry(host: string, port: number | undefined): AddressEntry | undefined {
  const [network = '', length, ...rest] = host.split('/');
  const family = isIP(network);
  if ((family !== 4 && family !== 6) || rest.length > 0) return undefined;
  const longest = family === 4 ? 32 : 128;
  const prefix = length === undefined ? longest : Number(length);
  if (length === '' || !Number.isInteger(prefix) || prefix < 0 || prefix > longest) return undefined;
  const addresses = new BlockList();
  addresses.addSubnet(network, prefix, family === 4 ? 'ipv4' : 'ipv6');
  return { addresses, family, port };
}

function portMatches(allowed: number | undefined, port: number): boolean {
  return allowed === undefined || allowed === port;
}

function nameMatches(pattern: string, host: string): boolean {
  return pattern.startsWith('*.') ? host.endsWith(pattern.slice(1)) && host.length >= pattern.length : host === pattern;
}
