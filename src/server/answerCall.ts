import type { Delegate, Hook } from '../metacontroller/hook.js';
import type { KubeObject } from '../metacontroller/object.js';
import {
  readCustomizePodRequest,
  readCustomizeRequest,
  readDecoratePodRequest,
  readDecorateRequest,
  readSyncRequest,
} from '../metacontroller/readRequest.js';
import type { Call } from './call.js';
import { resultOf } from './syncResult.js';

/**
 * The response to a hook call, and in `call` what log and metrics tell of it, as far as it came.
 * @param delegateOf the way of a sync to other replicas; absent: there are none
 * @throws SR2002 or SR2003 when the body is no such request
 */
export async function answerCall(
  body: unknown,
  hook: Hook,
  call: Call,
  delegateOf?: (parent: KubeObject) => Delegate | undefined,
): Promise<unknown> {
  switch (call.hook) {
    case 'sync': {
      const request = readSyncRequest(body);
      call.parent = request.parent;
      call.related = request.related;
      const answer = await hook.sync(request, delegateOf?.(request.parent));
      call.result = resultOf(request.parent, answer);
      return answer;
    }
    case 'customize': {
      const request = readCustomizeRequest(body);
      call.parent = request.parent;
      return hook.customize(request);
    }
    case 'decorate': {
      const request = readDecorateRequest(body);
      call.parent = request.object;
      call.related = request.related;
      return hook.decorate(request);
    }
    case 'customize-pods': {
      const request = readCustomizePodRequest(body);
      call.parent = request.parent;
      return hook.customizePod(request);
    }
    case 'decorate-pods': {
      const request = readDecoratePodRequest(body);
      call.parent = request.object;
      return hook.decoratePod(request);
    }
    default:
      return call.hook satisfies never;
  }
}
