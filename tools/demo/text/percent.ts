/** `19.7 %` of a share from 0 to 1: one decimal, or none if it is 0. */
export function percent(share: number): string {
  return `${Math.round(share * 1000) / 10} %`;
}
