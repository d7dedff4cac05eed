import { setPriority } from 'node:os';

/**
 * What else runs on this machine shall not count, and attackers shall not take the processor from those whose time is
 * measured: a real cluster has more than this one machine.
 */
const NICE = { measured: -15, attacker: -10 } as const;
/** For attackers, without the right to take precedence. */
const NICER = 5;

export type Role = keyof typeof NICE;

/** To be called before the process has started threads, which inherit it. */
export function prioritize(pid: number, role: Role): void {
  try {
    setPriority(pid, NICE[role]);
  } catch {
    if (role === 'attacker') setPriority(pid, NICER);
  }
}
