import { createHash } from 'node:crypto';
import { isIPv6 } from 'node:net';

/** One replica of the hook, as it is found: this one or another. */
export interface Replica {
  readonly address: string;
  readonly port: number;
  /** It is this process. */
  readonly own: boolean;
}

/** `10.0.0.1:8080`, `[fd00::1]:8080`: the same on all replicas. */
export function idOf({ address, port }: Pick<Replica, 'address' | 'port'>): string {
  return `${isIPv6(address) ? `[${address}]` : address}:${port}`;
}

/**
 * Who is responsible for a key, first; then who is without the first, and so on (rendezvous hashing). Replicas agree
 * without a word, and when one is gone, only its keys move.
 */
export function ranked(key: string, replicas: readonly Replica[]): readonly Replica[] {
  return replicas
    .map(replica => ({ replica, weight: weightOf(`${idOf(replica)} ${key}`) }))
    .sort((left, right) => Buffer.compare(right.weight, left.weight))
    .map(({ replica }) => replica);
}

/**
 * The others that come before this replica in the ranking of a key, the responsible one first. All others when this one
 * is not among them: it starts or shuts down.
 */
export function othersBefore(key: string, replicas: readonly Replica[]): readonly Replica[] {
  const order = ranked(key, replicas);
  const self = order.findIndex(({ own }) => own);
  return self < 0 ? order : order.slice(0, self);
}

function weightOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
