import { describe, expect, it, vi } from 'vitest';
import { asVersion1, fixture } from '../../test/fixture.js';
import { http, startTestServer, syncAnswer } from '../../test/testServer.js';

const json = { 'content-type': 'application/json' };

describe('hook routes', () => {
  it.each(['sync-first', 'sync-stable', 'sync-canary-starting', 'sync-canary-available', 'sync-approve'] as const)(
    'POST /sync passes the recorded %s to the hook and returns its response',
    async name => {
      const sync = vi.fn(async () => syncAnswer);
      const server = await startTestServer({ hook: { sync } });
      const answer = await http(server).post('/sync').send(fixture(name));
      expect(answer.status).toBe(200);
      expect(answer.headers['content-type']).toContain('application/json');
      expect(answer.body).toEqual(syncAnswer);
      expect(sync).toHaveBeenCalledWith(fixture(name), undefined);
    },
  );

  it('POST /sync accepts hook version v1, with keys by name and null maps', async () => {
    const sync = vi.fn(async () => syncAnswer);
    const server = await startTestServer({ hook: { sync } });
    const recorded = fixture('sync-approve');
    const request = { ...recorded, children: asVersion1(recorded.children) };
    const answer = await http(server)
      .post('/sync')
      .send({ ...request, related: null });
    expect(answer.status).toBe(200);
    const { related: _, ...withoutRelated } = request;
    expect(sync).toHaveBeenCalledWith(withoutRelated, undefined);
  });

  it('POST /customize and /decorate pass the recorded requests to the hook', async () => {
    const customize = vi.fn(async () => ({
      relatedResources: [{ apiVersion: 'v1', resource: 'services', namespace: 'a' }],
    }));
    const decorate = vi.fn(async () => ({ annotations: { 'aibrix.io/rollout-approve': null }, attachments: [] }));
    const server = await startTestServer({ hook: { customize, decorate } });

    const customized = await http(server).post('/customize').send(fixture('customize'));
    expect(customized.body).toEqual(await customize());
    expect(customize).toHaveBeenCalledWith(fixture('customize'));

    const decorated = await http(server).post('/decorate').send(fixture('decorate-approve'));
    expect(decorated.body).toEqual(await decorate());
    expect(decorate).toHaveBeenCalledWith(fixture('decorate-approve'));
  });

  it('POST /customize-pods and /decorate-pods pass what is about a pod', async () => {
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a-1', namespace: 'shop', uid: 'p' } };
    const customizePod = vi.fn(async () => ({ relatedResources: [] }));
    const decoratePod = vi.fn(async () => ({ labels: { role: null }, annotations: {}, attachments: [] }));
    const server = await startTestServer({ hook: { customizePod, decoratePod } });

    const customized = await http(server).post('/customize-pods').send({ controller: {}, parent: pod });
    expect(customized.body).toEqual(await customizePod());
    expect(customizePod).toHaveBeenCalledWith({ controller: {}, parent: pod });

    const request = { controller: {}, object: pod, attachments: {}, related: { 'ReplicaSet.apps/v1': {} } };
    const decorated = await http(server).post('/decorate-pods').send(request);
    expect(decorated.body).toEqual(await decoratePod());
    expect(decoratePod).toHaveBeenCalledWith(request);
  });

  it('returns the same bytes for the same request', async () => {
    const server = await startTestServer();
    const [first, second] = [await post(), await post()];
    expect(first).toBe(second);

    async function post() {
      return (await http(server).post('/sync').send(fixture('sync-approve'))).text;
    }
  });
});

describe('a request is refused:', () => {
  const env = { BODY_LIMIT: '64Ki' };
  const { parent } = fixture('sync-first');

  it.each([
    ['an empty body', '/sync', json, '', 400, 'SR2001', 'it is empty'],
    ['broken JSON', '/sync', json, `{"parent": ${' '.repeat(100)}oops}`, 400, 'SR2001', 'error'],
    ['JSON that ends unexpectedly', '/sync', json, '{"parent": {', 400, 'SR2001', 'it ends unexpectedly'],
    ['a key that poisons prototypes', '/sync', json, '{"__proto__": {}}', 400, 'SR2001', 'prototype'],
    ['a body that is not an object', '/sync', json, '[]', 400, 'SR2002', 'the body must be object'],
    ['no body at all', '/sync', {}, undefined, 400, 'SR2002', 'the body must be object'],
    ['another content type', '/sync', { 'content-type': 'text/plain' }, 'a', 415, 'SR2006', 'application/json'],
    ['a body over the limit', '/sync', json, JSON.stringify('a'.repeat(65_536)), 413, 'SR2005', '65536 bytes'],
    ['an unknown path', '/unknown?a=b', json, '{}', 404, 'SR2007', 'no endpoint POST /unknown. '],
    ['a decorator at /sync', '/sync', json, JSON.stringify({ object: parent }), 400, 'SR2002', 'must end in /decorate'],
    [
      'a StormService at /decorate-pods',
      '/decorate-pods',
      json,
      JSON.stringify({ object: parent }),
      400,
      'SR2003',
      'pods of v1',
    ],
    [
      'a StormService at /customize-pods',
      '/customize-pods',
      json,
      JSON.stringify({ parent }),
      400,
      'SR2003',
      'pods of v1',
    ],
    [
      'customize of pods at /decorate-pods',
      '/decorate-pods',
      json,
      JSON.stringify({ parent }),
      400,
      'SR2002',
      'must end in /customize-pods',
    ],
    ['a composite at /decorate', '/decorate', json, JSON.stringify({ parent }), 400, 'SR2002', 'must end in /sync'],
  ] as const)('%s', async (_, url, headers, payload, status, code, words) => {
    const server = await startTestServer({ env });
    const answer = await http(server).post(url).set(headers).send(payload);
    expect(answer.status).toBe(status);
    expect(answer.body).toEqual({ code, message: expect.stringContaining(words) });
  });

  it('never quotes the body, which may hold Secrets', async () => {
    const payload = `{"data": {"password": "${'canary'}" oops`;
    const server = await startTestServer({ env });
    const answer = await http(server).post('/sync').set(json).send(payload);
    expect(answer.status).toBe(400);
    expect(answer.text).not.toContain('canary');
  });
});

describe('an internal error', () => {
  const secret = 'canary-5d1e-plain';
  const encoded = Buffer.from(secret).toString('base64');
  const request = {
    ...fixture('sync-first'),
    related: {
      'Secret.v1': {
        'default/s': {
          apiVersion: 'v1',
          kind: 'Secret',
          metadata: { name: 's', namespace: 'default' },
          data: { password: encoded },
        },
      },
    },
  };

  it('is a 500 with a code, without children and without its cause', async () => {
    const server = await startTestServer({ hook: { sync: () => Promise.reject(new Error('null dereferenced')) } });
    const answer = await http(server).post('/sync').send(request);
    expect(answer.status).toBe(500);
    expect(Object.keys(answer.body)).toEqual(['code', 'message']);
    expect(answer.body.code).toBe('SR3001');
    expect(answer.text).not.toContain('dereferenced');
  });

  it('is logged with its cause, but without any Secret', async () => {
    const failure = Object.assign(new Error(`cannot use ${secret} nor ${encoded}`), { password: secret });
    const server = await startTestServer({ hook: { sync: () => Promise.reject(failure) } });
    await http(server).post('/sync').send(request);
    expect(server.log()).not.toContain(secret);
    expect(server.log()).not.toContain(encoded);
    expect(server.lines()).toEqual([
      expect.objectContaining({
        level: 'error',
        code: 'SR3001',
        namespace: 'default',
        name: 'my-app',
        cause: expect.objectContaining({ message: 'cannot use [removed] nor [removed]' }),
      }),
    ]);
  });
});

describe('log', () => {
  it('has one line per call with names and outcome, without any payload', async () => {
    const server = await startTestServer();
    const recorded = fixture('sync-approve');
    await http(server).post('/sync').send(recorded);
    expect(server.lines()).toEqual([
      {
        level: 'info',
        time: expect.any(String),
        reqId: expect.any(String),
        hook: 'sync',
        namespace: 'default',
        name: 'my-app',
        uid: recorded.parent.metadata.uid,
        durationMs: expect.any(Number),
        outcome: 'ok',
        phase: 'Paused',
        message: 'waiting for approval of step 2',
        step: '2/5 pause until approved',
        currentStepIndex: 1,
        canaryWeight: 10,
        observedWeight: 10,
        children: 0,
        resyncAfterSeconds: 5,
        msg: 'sync responded',
      },
    ]);
    expect(server.log()).not.toContain('nginx');
  });

  it('logs a sync that changed nothing at debug only', async () => {
    const server = await startTestServer();
    const recorded = fixture('sync-approve');
    const parent = { ...recorded.parent, status: { ...syncAnswer.status, observedGeneration: 2 } };
    await http(server)
      .post('/sync')
      .send({ ...recorded, parent });
    expect(server.lines()).toMatchObject([{ level: 'debug' }]);
  });
});
