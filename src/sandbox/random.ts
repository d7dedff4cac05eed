/** Numbers in [0, 1), the same sequence for the same seed. */
export type Random = () => number;

/** mulberry32: small, and good enough to shuffle with. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A copy in random order. */
export function shuffled<T>(items: readonly T[], random: Random): readonly T[] {
  return items
    .map(item => ({ item, rank: random() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ item }) => item);
}

/** Characters of Kubernetes' generated names: no vowels, no look-alikes. */
const NAME_CHARACTERS = 'bcdfghjklmnpqrstvwxz2456789';

export function randomName(random: Random, length: number): string {
  return Array.from({ length }, () => NAME_CHARACTERS[Math.floor(random() * NAME_CHARACTERS.length)]).join('');
}

export function randomUid(random: Random): string {
  const hex = Array.from({ length: 32 }, () => Math.floor(random() * 16).toString(16)).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
