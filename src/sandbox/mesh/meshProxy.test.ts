import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { request } from 'undici';
import { afterEach, describe, expect, it } from 'vitest';
import { object, pod, SERVICES, viewOf } from '../../../test/mesh/standingCluster.js';
import type { Pod } from '../cluster/pod.js';
import { MeshProxy } from './meshProxy.js';
import { POD_HEADER, PodServer, REVISION_HEADER } from './podServer.js';

const open: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
});

function running(revision: string, image: string): Pod {
  return { ...pod(revision), spec: { containers: [{ name: 'web', image }] } };
}

async function served(pod: Pod): Promise<readonly [string, number]> {
  const server = new PodServer(pod);
  await server.listen();
  open.push(server);
  return [pod.name, server.port ?? 0];
}

async function proxy(ports: ReadonlyMap<string, number>, objects = SERVICES): Promise<string> {
  const view = viewOf(objects, [running('old', 'app:1'), running('new', 'app:errors')]);
  const made = new MeshProxy({ view, pods: { portOf: ({ name }) => ports.get(name) }, random: () => 0 });
  open.push(made);
  return made.listen();
}

/** By undici itself, since fetch does not let a caller set the Host header. */
function ask(url: string, host: string, options: { readonly method?: 'POST'; readonly body?: string } = {}) {
  return request(url, { ...options, headers: { host } });
}

describe('PodServer', () => {
  it('says who it is', async () => {
    const [, port] = await served(running('old', 'app:1'));
    const answer = await fetch(`http://127.0.0.1:${port}/anything`);
    expect([answer.status, answer.headers.get(POD_HEADER), answer.headers.get(REVISION_HEADER)]).toEqual([
      200,
      'pod-old',
      'old',
    ]);
    expect(await answer.json()).toEqual({ pod: 'pod-old', revision: 'old', image: 'app:1' });
  });

  it('answers 500 when its image says so, and counts in /metrics', async () => {
    const [, port] = await served(running('new', 'registry/app:errors'));
    for (let i = 0; i < 3; i += 1) expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(500);
    const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    expect(metrics).toContain('http_requests_total{code="500",revision="new"} 3');
  });

  it('finishes what is in flight when it closes, and takes nothing more', async () => {
    const server = new PodServer(running('old', 'app:1'));
    await server.listen();
    const url = `http://127.0.0.1:${server.port}/`;
    const [answer] = await Promise.all([fetch(url), server.close()]);
    expect(answer.status).toBe(200);
    await expect(fetch(url)).rejects.toThrow();
  });
});

describe('MeshProxy', () => {
  it('passes a request on to the pod that is meant, and its answer back', async () => {
    const url = await proxy(
      new Map([await served(running('old', 'app:1')), await served(running('new', 'app:errors'))]),
    );
    const stable = await ask(url, 'my-app-stable.shop');
    expect([stable.statusCode, await stable.body.json()]).toEqual([
      200,
      { pod: 'pod-old', revision: 'old', image: 'app:1' },
    ]);
    const canary = await ask(url, 'my-app-canary.shop:80');
    expect([canary.statusCode, canary.headers[REVISION_HEADER]]).toEqual([500, 'new']);
    await canary.body.dump();
  });

  it('passes bodies on', async () => {
    const echo = createServer((request, response) => void request.pipe(response));
    await new Promise<void>(resolve => void echo.listen(0, '127.0.0.1', resolve));
    open.push({ close: () => new Promise(resolve => echo.close(resolve)) });
    const url = await proxy(new Map([['pod-old', (echo.address() as AddressInfo).port]]));
    const answer = await ask(url, 'my-app.shop', { method: 'POST', body: 'hello' });
    expect(await answer.body.text()).toBe('hello');
  });

  it('answers by itself where there is no pod, no route, or no connection', async () => {
    const url = await proxy(new Map([['pod-old', 1]]));
    const codeOf = async (host: string) => {
      const { statusCode, body } = await ask(url, host);
      await body.dump();
      return statusCode;
    };
    expect(await codeOf('empty.shop')).toBe(503);
    expect(await codeOf('nobody.example.com')).toBe(404);
    expect(await codeOf('my-app-canary.shop')).toBe(502);
    expect(await codeOf('my-app.shop')).toBe(502);
  });

  it('sends copies to mirrors, whatever becomes of them', async () => {
    const backendRef = { name: 'my-app-canary', port: 80 };
    const rules = [
      { filters: [{ type: 'RequestMirror', requestMirror: { backendRef } }], backendRefs: [{ name: 'my-app-stable' }] },
    ];
    const route = object('gateway.networking.k8s.io/v1', 'HTTPRoute', 'web', {
      parentRefs: [{ name: 'public' }],
      rules,
    });
    const [name, port] = await served(running('new', 'app:errors'));
    const url = await proxy(new Map([await served(running('old', 'app:1')), [name, port]]), [...SERVICES, route]);
    const answer = await ask(url, 'shop.example.com');
    expect([answer.statusCode, answer.headers[REVISION_HEADER]]).toEqual([200, 'old']);
    await answer.body.dump();
    await expect
      .poll(async () => (await fetch(`http://127.0.0.1:${port}/metrics`)).text())
      .toContain('http_requests_total{code="500",revision="new"} 1');
  });
});
