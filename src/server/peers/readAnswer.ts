/** What another replica responds to a sync. */
import type { SyncAnswer } from '../../metacontroller/hook.js';
import type { ErrorCode } from '../../schema/errors.js';
import { isObject } from '../../schema/json.js';

/** An answer that is incomplete must not pass as one with fewer children: Metacontroller deletes what is not in it. */
export function readAnswer(body: Buffer): SyncAnswer | undefined {
  const answer = parse(body);
  return isAnswer(answer) ? answer : undefined;
}

function isAnswer(value: unknown): value is SyncAnswer {
  return isObject(value) && isObject(value['status']) && Array.isArray(value['children']);
}

/** The same for one that would take long to parse: as a hook writes it, its length ensured by HTTP. */
export function readLargeAnswer(body: Buffer): Buffer | undefined {
  const isAnswerOfHook = body.subarray(0, START.length).equals(START) && body.includes(CHILDREN) && body.at(-1) === END;
  return isAnswerOfHook ? body : undefined;
}

const START = Buffer.from('{"status":{');
const CHILDREN = Buffer.from(',"children":[');
const END = '}'.charCodeAt(0);

/** Errors that say something about the replica, or about who calls it. */
const ABOUT_THE_REPLICA: readonly ErrorCode[] = ['SR2004', 'SR2007', 'SR2011', 'SR3002'];
const LONGEST_ERROR = 64 * 1024;

/** Whether a hook refuses this very sync, or fails with it: it is there, and others are answered. */
export function isRefusal(body: Buffer): boolean {
  const error = body.length <= LONGEST_ERROR ? parse(body) : undefined;
  const code = isObject(error) ? error['code'] : undefined;
  // A later version may have codes of its own.
  return typeof code === 'string' && /^SR\d{4}$/.test(code) && !ABOUT_THE_REPLICA.some(each => each === code);
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}
