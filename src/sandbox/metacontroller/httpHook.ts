import type {
  CustomizeAnswer,
  CustomizeRequest,
  DecorateAnswer,
  DecorateRequest,
  Hook,
  SyncAnswer,
  SyncRequest,
} from '../../metacontroller/hook.js';
import { RetryLater } from './workQueue.js';

export interface HttpHookOptions {
  /** Without a slash at the end. */
  readonly url: string;
  /** Sent as a bearer token. */
  readonly token?: string;
  /** Metacontroller's own default. */
  readonly timeoutSeconds?: number;
}

/** The hook was called and did not answer 200. */
export class HookFailed extends Error {
  override readonly name = 'HookFailed';
}

/** Calls a hook that listens on HTTP, as Metacontroller does. 429 with Retry-After means later, not a failure. */
export function httpHook({ url, token, timeoutSeconds = 10 }: HttpHookOptions): Hook {
  const call = async <Answer>(path: string, request: unknown): Promise<Answer> => {
    const response = await fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token !== undefined && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify(request),
      signal: AbortSignal.timeout(timeoutSeconds * 1000),
    });
    const body = await response.text();
    if (response.status === 429) throw new RetryLater(Number(response.headers.get('retry-after')) || 0);
    if (response.status !== 200) throw new HookFailed(`${path}: status ${response.status}: ${body}`);
    return JSON.parse(body) as Answer;
  };
  return {
    sync: (request: SyncRequest) => call<SyncAnswer>('/sync', request),
    customize: (request: CustomizeRequest) => call<CustomizeAnswer>('/customize', request),
    decorate: (request: DecorateRequest) => call<DecorateAnswer>('/decorate', request),
    customizePod: (request: CustomizeRequest) => call<CustomizeAnswer>('/customize-pods', request),
    decoratePod: (request: DecorateRequest) => call<DecorateAnswer>('/decorate-pods', request),
  };
}
