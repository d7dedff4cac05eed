import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** Paths of a PEM certificate chain and of its private key. */
export interface KeyPairFiles {
  readonly cert: string;
  readonly key: string;
}

/** A certificate chain and its private key, in PEM. */
export interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

/**
 * Reads a certificate and its key.
 * @throws if a file cannot be read, or if they do not match, as between the two writes of a renewal.
 */
export function readKeyPair(files: KeyPairFiles): KeyPair {
  const cert = readFileSync(files.cert, 'utf8');
  const key = readFileSync(files.key, 'utf8');
  if (!new X509Certificate(cert).checkPrivateKey(createPrivateKey(key))) {
    throw new Error(`the key in ${files.key} does not match the certificate in ${files.cert}`);
  }
  return { cert, key };
}
