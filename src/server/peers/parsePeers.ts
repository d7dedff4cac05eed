import { isIPv6 } from 'node:net';

/** Where replicas of the hook are found: all addresses of a host. */
export interface PeerHost {
  /** Name or IP address. */
  readonly host: string;
  /** Absent: the port that this replica listens on. */
  readonly port?: number;
}

/** A name or IPv4 address, or IPv6 in brackets; and a port. */
const ENTRY = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?))\.?(?::(\d{1,5}))?$/;

/**
 * PEERS: hosts, separated by commas or white space, each with `:<port>` or without.
 * @throws if there is none, or one that is not a host
 */
export function parsePeers(text: string): readonly PeerHost[] {
  const entries = text.split(/[\s,]+/).filter(entry => entry !== '');
  if (entries.length === 0) throw new Error('it contains no host');
  return entries.map(parseEntry);
}

function parseEntry(entry: string): PeerHost {
  const [, ipv6, name, digits] = ENTRY.exec(entry.toLowerCase()) ?? [];
  const host = isIPv6(ipv6 ?? '') ? ipv6 : name;
  const port = digits === undefined ? undefined : Number(digits);
  if (host === undefined || (port !== undefined && (port < 1 || port > 65_535))) {
    throw new Error(`"${entry}" is not a host with or without :port`);
  }
  return { host, ...(port !== undefined && { port }) };
}
