import { lookup as lookupAddresses } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { QueryError } from '../providers/queryError.js';
import { refusedClass } from './addressRules.js';
import type { AllowList } from './allowList.js';

/**
 * Which addresses the hook calls for a StormService. A name is judged by what it resolves to, in the connection's own
 * look-up: what was judged is what is called, and an answer that changes in between (DNS rebinding) changes nothing.
 */
export interface AddressGuard {
  /**
   * Before a request.
   * @throws QueryError for a scheme, host or address that may not be called
   */
  checkUrl(url: URL): void;
  /** For every new connection: only addresses that may be called come out. */
  lookup(port: number): LookupFunction;
}

export type Resolver = typeof lookupAddresses;

/** Without a list everything but the refused classes may be called; with one, nothing but what is on it. */
export function createAddressGuard(allow: AllowList | undefined, resolve: Resolver = lookupAddresses): AddressGuard {
  /** The reason why an address may not be called. */
  const refusal = (host: string, ip: string, port: number): string | undefined => {
    if (allow?.address(ip, port)) return undefined;
    const named = allow?.name(host, port) ?? 'pattern';
    if (named === 'none') return 'is not in ANALYSIS_ALLOW';
    const refused = refusedClass(ip);
    // Whoever lists `localhost` wants loopback; other refused classes have to be listed by address.
    if (refused === undefined || (refused === 'loopback' && named === 'exact')) return undefined;
    return `leads to a ${refused} address`;
  };

  return {
    checkUrl(url) {
      if (url.protocol !== 'http:' && url.protocol !== 'https:') {
        throw new QueryError('refused', 'only http and https addresses are called');
      }
      const host = hostOf(url);
      if (host === '') throw new QueryError('refused', 'the address has no host');
      if (isIP(host) === 0) return;
      const reason = refusal(host, host, portOf(url));
      if (reason !== undefined) throw new QueryError('refused', `${host} ${reason}: not called`);
    },
    lookup: port => (host, options, callback) => {
      resolve(host, { ...options, all: true }, (error, found) => {
        if (error) return callback(error, '');
        const name = host.toLowerCase().replace(/\.$/, '');
        const reasons = found.map(({ address }) => refusal(name, address, port));
        const allowed = found.filter((_, index) => reasons[index] === undefined);
        const [first] = allowed;
        if (first === undefined) {
          const reason = reasons[0] ?? 'has no address';
          return callback(new QueryError('refused', `${name} ${reason}: not called`), '');
        }
        if (options.all) return callback(null, allowed);
        callback(null, first.address, first.family);
      });
    },
  };
}

/** Host name or bare IP address, in lower case, without brackets and without a final dot. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
}

export function portOf(url: URL): number {
  return url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
}
