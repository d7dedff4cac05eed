import { hookError } from '../schema/errors.js';
import type { Logger } from './log.js';

/** A value that is read from files and may change at run time. */
export interface Reloadable {
  /** Name for the log. */
  readonly name: string;
  /** Reloads it and returns whether it changed. Throws if it cannot be used; the previous value then stays in use. */
  refresh(): boolean;
}

/** A value read from files: the last valid one. */
export interface FileValue<Value> extends Reloadable {
  readonly current: Value;
}

/**
 * Contents are compared instead of watched: Kubernetes replaces a mounted Secret by moving a symbolic link, which
 * file watchers miss.
 */
export function fileValue<Value>(
  name: string,
  read: () => Value,
  apply: (value: Value) => void = () => {},
): FileValue<Value> {
  let current = read();
  let text = JSON.stringify(current);
  return {
    name,
    get current() {
      return current;
    },
    refresh() {
      const next = read();
      const nextText = JSON.stringify(next);
      if (nextText === text) return false;
      apply(next);
      current = next;
      text = nextText;
      return true;
    },
  };
}

/** Refreshes everything once and logs changes; a failure is logged once for as long as it stays the same. */
export function createReloader(reloadables: readonly Reloadable[], logger: Logger): () => void {
  const failures = new Map<Reloadable, string>();
  return () => {
    for (const reloadable of reloadables) refresh(reloadable, failures, logger);
  };
}

function refresh(reloadable: Reloadable, failures: Map<Reloadable, string>, logger: Logger): void {
  const { name } = reloadable;
  try {
    if (reloadable.refresh()) logger.info({ file: name }, `${name} changed and is in use`);
    failures.delete(reloadable);
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    if (failures.get(reloadable) === problem) return;
    failures.set(reloadable, problem);
    const error = hookError('SR1002', { name, problem });
    logger.error({ code: error.code, file: name }, error.message);
  }
}
