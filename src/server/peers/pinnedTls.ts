import { X509Certificate } from 'node:crypto';
import type { ConnectionOptions } from 'node:tls';

type PinnedTls = Pick<ConnectionOptions, 'ca' | 'allowPartialTrustChain' | 'minVersion' | 'checkServerIdentity'>;

/**
 * Trusts one certificate and no other, whoever issued it. Replicas are called by address, which is no name in their
 * certificate; but they share it.
 */
export function pinnedTls(chain: string): PinnedTls {
  const certificate = new X509Certificate(chain);
  return {
    ca: certificate.toString(),
    allowPartialTrustChain: true,
    minVersion: 'TLSv1.2',
    checkServerIdentity: (_, { raw }) =>
      certificate.raw.equals(raw) ? undefined : new Error('it has another certificate than this replica'),
  };
}
