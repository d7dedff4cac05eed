import { describe, expect, it } from 'vitest';
import { parseAllowList } from '../../src/fetch/allowList.js';
import type { MonotonicClock } from '../../src/fetch/clock.js';
import { createFetcher, type Fetcher } from '../../src/fetch/fetcher.js';
import type { MeasurementResult } from '../../src/fetch/measurement.js';
import type { FetchObserver } from '../../src/fetch/observer.js';
import type { FetchSettings } from '../../src/fetch/settings.js';
import { PROVIDER_NAMES } from '../../src/providers/providers.js';
import { CANARY, type Data, type Dialect, type Expected } from './dialect.js';
import { dialects } from './dialects/all.js';
import { closeAll, NOW, open, serve, until } from './fetching.js';
import { ManualClock } from './manualClock.js';

/** Everything that ever came out of fetching in this file. */
const outputs: string[] = [];

closeAll();

function fetcherWith(settings: Partial<FetchSettings>, clock: MonotonicClock): Fetcher {
  const note = (...event: unknown[]) => void outputs.push(JSON.stringify(event));
  const observer: FetchObserver = { queried: note, postponed: note, shared: note };
  const fetcher = createFetcher({ settings, observer, clock });
  open.push(fetcher);
  return fetcher;
}

function allow(text: string): Partial<FetchSettings> {
  const parsed = parseAllowList(text);
  if (!parsed.ok) throw new Error(parsed.problem);
  return { allow: parsed.list };
}

const loopback = allow('127.0.0.1');

async function measure(
  dialect: Dialect,
  address: string,
  settings: Partial<FetchSettings> = loopback,
  clock = new ManualClock(),
): Promise<MeasurementResult> {
  const request = {
    key: 'the-key',
    owner: 'shop',
    metric: 'the-metric',
    dueAt: NOW,
    provider: { [dialect.name]: dialect.spec(address) },
    secrets: dialect.secrets?.(address) ?? {},
  };
  const results = await fetcherWith(settings, clock).measure([request], { waitMs: 5000, now: NOW });
  const result = results.get('the-key');
  if (!result) throw new Error('no result');
  outputs.push(JSON.stringify(result));
  return result;
}

function check(result: MeasurementResult, expected: Expected): void {
  if ('value' in expected) expect(result).toMatchObject({ key: 'the-key', outcome: 'value', value: expected.value });
  else {
    expect(result.outcome).toBe('error');
    expect(result).toHaveProperty('message', expect.stringMatching(expected.error));
  }
}

describe.each(dialects)('%s', (_, dialect) => {
  const answering = (data: Data) => serve(request => dialect.answer(request, data));

  it.each(['value', 'empty', 'nan'] as const)('reads: %s', async data => {
    const server = await answering(data);
    check(await measure(dialect, server.address), dialect.expected[data]);
  });

  it('calls an HTTP error by its code and nothing of its body', async () => {
    const server = await serve(() => ({ status: 503, body: `down: ${CANARY}`, headers: { 'x-why': CANARY } }));
    check(await measure(dialect, server.address), dialect.expected.failing ?? { error: /answered HTTP 503$/ });
  });

  it('does not trip over a malformed answer', async () => {
    const server = await serve(() => ({ status: 200, body: `{"data": [{"${CANARY}"` }));
    check(await measure(dialect, server.address), dialect.expected.malformed ?? { error: /^the (answer|query) / });
  });

  it('gives up when its time is over', async () => {
    const server = await serve(() => undefined);
    const clock = new ManualClock();
    const result = measure(dialect, server.address, { ...loopback, timeoutMs: 40 }, clock);
    await until(() => server.received.length > 0);
    clock.pass(40);
    check(await result, dialect.expected.silent ?? { error: /^127\.0\.0\.1 did not answer within 0\.04 s$/ });
  });

  it('takes nothing from a server whose certificate nobody vouches for', async () => {
    const server = await serve(request => dialect.answer(request, 'value'), { tls: true });
    const result = await measure(dialect, server.address);
    check(
      result,
      dialect.expected.silent ?? { error: /^TLS with 127\.0\.0\.1 failed \(DEPTH_ZERO_SELF_SIGNED_CERT\)$/ },
    );
    expect(server.received).toEqual([]);
  });

  it('does not follow a redirect to the metadata address', async () => {
    const location = 'http://169.254.169.254/latest/meta-data/iam';
    const server = await serve(() => ({ status: 302, body: '', headers: { location } }));
    const result = await measure(dialect, server.address);
    check(
      result,
      dialect.expected.redirected ?? { error: /^127\.0\.0\.1 redirects \(HTTP 302\), which is not followed/ },
    );
  });

  it('does not call loopback unless it is allowed', async () => {
    const server = await answering('value');
    const result = await measure(dialect, server.address, {});
    check(result, { error: /^127\.0\.0\.1 leads to a loopback address: not called$/ });
    expect(server.received).toEqual([]);
  });

  it('calls nothing but what is allowed', async () => {
    const server = await answering('value');
    const result = await measure(dialect, server.address, allow('127.0.0.1:1, prometheus.monitoring'));
    check(result, { error: /^127\.0\.0\.1 is not in ANALYSIS_ALLOW: not called$/ });
    expect(server.received).toEqual([]);
  });
});

it('covers every provider', () => {
  const covered = new Set(dialects.map(([, dialect]) => dialect.name));
  expect([...covered].sort()).toEqual([...PROVIDER_NAMES].sort());
});

it('let no secret out', () => {
  expect(outputs.length).toBeGreaterThan(100);
  expect(outputs.filter(text => text.includes(CANARY))).toEqual([]);
});
