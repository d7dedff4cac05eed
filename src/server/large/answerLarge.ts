/** What the thread for large calls does. */
import type { MessagePort } from 'node:worker_threads';
import { Transfer, worker } from 'workerpool';
import { createHook } from '../../hook/hook.js';
import type { Settings } from '../../hook/settings.js';
import type { Delegate } from '../../metacontroller/hook.js';
import type { KubeObject } from '../../metacontroller/object.js';
import type { HookName } from '../../metacontroller/readRequest.js';
import { withoutSecrets } from '../../metacontroller/withoutSecrets.js';
import { type ErrorCode, HookError, hookError } from '../../schema/errors.js';
import { couldHaveMoreValues, present } from '../../schema/json.js';
import { answerCall } from '../answerCall.js';
import type { Call } from '../call.js';
import { parseBody } from '../jsonBody.js';
import { describeError } from '../log.js';
import { othersBefore, type Replica } from '../peers/replica.js';
import type { SyncResult } from '../syncResult.js';
import { remoteFetcher } from './measurements.js';

/** Objects of Kubernetes have one per 15 bytes or more, so that the size of the body is what limits them. */
const MAX_VALUES = 400_000;

export const METHOD = 'answer';

export interface LargeCall {
  readonly hook: HookName;
  /** JSON. */
  readonly body: Uint8Array<ArrayBuffer>;
  readonly settings: Settings;
  readonly waitMs: number;
  /** Where measurements are made. */
  readonly port: MessagePort;
  /** Those that may answer in the place of this one. What is to be measured by another is not answered, but given back. */
  readonly replicas: readonly Replica[];
}

/** A StormService, as far as log and metrics name it. */
export type Named = Pick<KubeObject, 'metadata'>;

export type LargeAnswer = { readonly parent?: Named } & (
  | { readonly ok: true; readonly result?: SyncResult; readonly json: Uint8Array<ArrayBuffer> }
  /** The body of a sync that is given back. */
  | { readonly ok: true; readonly delegated: Uint8Array<ArrayBuffer> }
  /** An error of the registry. */
  | { readonly ok: false; readonly code: ErrorCode; readonly message: string }
  /** Any other, as it is logged. */
  | { readonly ok: false; readonly cause: ReturnType<typeof describeError> }
);

/** Serves `createLargeCalls` from within its thread. */
export function serveLargeCalls(): void {
  worker({
    [METHOD]: async (task: LargeCall) => {
      const answered = await answerLarge(task);
      task.port.close();
      return answered.ok ? new Transfer(answered, [bytesOf(answered).buffer]) : answered;
    },
  });
}

function bytesOf(answered: Extract<LargeAnswer, { readonly ok: true }>): Uint8Array<ArrayBuffer> {
  return 'json' in answered ? answered.json : answered.delegated;
}

/** Ends a sync that is given back. */
class Delegated extends Error {}

function delegateTo(others: readonly Replica[]): Delegate | undefined {
  return others.length === 0 ? undefined : () => Promise.reject(new Delegated());
}

/** Never rejects. */
export async function answerLarge(task: LargeCall): Promise<LargeAnswer> {
  const { body, settings, waitMs, port, replicas } = task;
  const call: Call = { hook: task.hook };
  try {
    const hook = createHook(settings, Date.now, { fetcher: remoteFetcher(port), waitMs });
    const request = parse(new TextDecoder().decode(body));
    const delegateOf = ({ metadata: { uid = '' } }: Named) => delegateTo(othersBefore(uid, replicas));
    const response = await answerCall(request, hook, call, delegateOf);
    const json = new TextEncoder().encode(JSON.stringify(response));
    return { ok: true, ...named(call), ...(call.result && { result: call.result }), json };
  } catch (error) {
    if (error instanceof Delegated) return { ok: true, ...named(call), delegated: body };
    if (error instanceof HookError) return { ok: false, ...named(call), code: error.code, message: error.message };
    return { ok: false, ...named(call), cause: describeError(error, text => withoutSecrets(text, call.related)) };
  }
}

/** Running out of memory would end the process, not just the thread. */
function parse(text: string): unknown {
  if (couldHaveMoreValues(text, MAX_VALUES)) throw hookError('SR2012', { limit: MAX_VALUES });
  return parseBody(text);
}

function named({ parent }: Call): { readonly parent?: Named } {
  if (parent === undefined) return {};
  const { name, namespace, uid, deletionTimestamp } = parent.metadata;
  const metadata = present({ name, namespace, uid, deletionTimestamp });
  return { parent: { metadata } };
}
