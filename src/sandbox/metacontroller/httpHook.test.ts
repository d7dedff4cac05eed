import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { childrenOf, stormService } from '../../../test/fakeHook.js';
import { SERVICE } from '../../metacontroller/children.js';
import type { SyncRequest } from '../../metacontroller/hook.js';
import { createSandbox } from '../sandbox.js';
import { HookFailed, httpHook } from './httpHook.js';
import { RetryLater } from './workQueue.js';

type Handler = (request: IncomingMessage, body: string, response: ServerResponse) => void;

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

async function listening(handler: Handler): Promise<string> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => handler(request, Buffer.concat(chunks).toString(), response));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const request: SyncRequest = { parent: stormService(), children: {} };

describe('httpHook', () => {
  it('runs a rollout over HTTP, in virtual time', async () => {
    const url = await listening(({ url: path, headers }, body, response) => {
      expect(headers.authorization).toBe('Bearer secret');
      const { parent } = JSON.parse(body) as SyncRequest;
      const answers: Record<string, unknown> = {
        '/sync': () => ({ status: {}, children: childrenOf(parent) }),
        '/customize': () => ({ relatedResources: [] }),
        '/decorate': () => ({ annotations: {}, attachments: [] }),
      };
      response.end(JSON.stringify((answers[path ?? ''] as () => unknown)()));
    });
    const sandbox = createSandbox({ hook: httpHook({ url, token: 'secret' }) });
    await sandbox.apply(stormService());
    await sandbox.advance(20);
    expect(await sandbox.get(SERVICE, 'my-app')).toBeDefined();
    expect(await sandbox.endpoints('my-app')).toHaveLength(3);
  });

  it('takes 429 as later, and anything but 200 as a failure', async () => {
    let status = 429;
    const url = await listening((_, __, response) => {
      response.writeHead(status, { 'retry-after': '12' }).end('{}');
    });
    await expect(httpHook({ url }).sync(request)).rejects.toEqual(new RetryLater(12));
    status = 503;
    await expect(httpHook({ url }).sync(request)).rejects.toThrow(HookFailed);
  });

  it('gives up when the answer takes too long', async () => {
    const url = await listening(() => undefined);
    await expect(httpHook({ url, timeoutSeconds: 0.05 }).sync(request)).rejects.toThrow(/timeout/);
  });
});
