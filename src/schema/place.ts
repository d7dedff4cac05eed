import type { Problem } from './problem.js';

/** One more key on a field path, as kubectl prints it: `.spec`, `[2]`, `[app.kubernetes.io/name]`. */
export function pathKey(key: string | number): string {
  return typeof key === 'string' && /^[A-Za-z_$][\w$-]*$/.test(key) ? `.${key}` : `[${key}]`;
}

/** Where a reader is in the user's object, and where it leaves what is wrong there. */
export class Place {
  constructor(
    readonly path: string,
    readonly problems: Problem[],
  ) {}

  at(...keys: readonly (string | number)[]): Place {
    const path = this.path + keys.map(pathKey).join('');
    return new Place(this.path === '' ? path.replace(/^\./, '') : path, this.problems);
  }

  /** Problems so far, here and elsewhere. */
  get count(): number {
    return this.problems.length;
  }

  refuse(problem: string, remedy: string): void {
    this.problems.push({ path: this.path, problem, remedy });
  }
}
