import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../schema/json.js';
import { pinMetric, readMetric } from './metric.js';

const provider = { prometheus: { address: 'http://prometheus:9090', query: 'up' } };
const defaults = {
  name: 'up',
  provider,
  initialDelay: 0,
  failureLimit: 0,
  inconclusiveLimit: 0,
  consecutiveErrorLimit: 4,
  consecutiveSuccessLimit: 0,
  dryRun: false,
  measurementRetention: 10,
};

describe('reading a metric', () => {
  test.each<[JsonObject, object]>([
    [{}, { count: 1 }],
    [{ count: 0 }, { count: 1 }],
    [{ interval: '1m' }, { interval: 60 }],
    [
      { interval: '1m', count: '3' },
      { interval: 60, count: 3 },
    ],
    [{ interval: 30, count: 0 }, { interval: 30 }],
    [
      { interval: '1500ms', initialDelay: '1h30m' },
      { interval: 2, initialDelay: 5400 },
    ],
    [
      { failureLimit: '-1', consecutiveSuccessLimit: '1' },
      { failureLimit: -1, consecutiveSuccessLimit: 1, count: 1 },
    ],
    [{ successCondition: 'result > 1' }, { successCondition: 'result > 1', count: 1 }],
    [{ failureCondition: ' ' }, { count: 1 }],
    [
      { interval: 10, failureLimit: -1, failureThreshold: 3, timeout: 5 },
      { interval: 10, failureLimit: -1, failureThreshold: 3, timeout: 5 },
    ],
  ])('%j', (fields, expected) => {
    const read = readMetric({ name: 'up', provider, ...fields }, 'metrics[0]');
    expect(read).toEqual({ ok: true, value: { ...defaults, ...expected } });
    const pinned = pinMetric(read.ok ? read.value : (undefined as never));
    expect(readMetric(pinned, 'metrics[0]')).toEqual(read);
  });

  test.each<[string, JsonObject, object]>([
    ['a webhook passes with 2xx', {}, { successCondition: expect.stringContaining('result.status') }],
    [
      'unless it is said otherwise',
      { failureCondition: 'result.status == 500' },
      { failureCondition: 'result.status == 500' },
    ],
  ])('%s', (_, fields, expected) => {
    const webhook = { webhook: { url: 'http://gate/check' } };
    const read = readMetric({ name: 'gate', provider: webhook, ...fields }, 'm');
    expect(read).toEqual({ ok: true, value: { ...defaults, name: 'gate', provider: webhook, count: 1, ...expected } });
    expect(readMetric(pinMetric(read.ok ? read.value : (undefined as never)), 'm')).toEqual(read);
  });

  test('what is pinned holds no defaults', () => {
    const read = readMetric({ name: 'up', provider, interval: '1m', failureLimit: 0 }, '');
    expect(read.ok && pinMetric(read.value)).toEqual({ name: 'up', provider, interval: 60 });
  });

  test.each<[JsonObject, string]>([
    [{ name: '' }, 'm.name'],
    [{ name: 'x'.repeat(101) }, 'm.name'],
    [{ provider: {} }, 'm.provider'],
    [{ provider: { kayenta: { threshold: { pass: '{{args.secret}}', marginal: 1 } } } }, 'm.provider'],
    [{ provider: { web: {}, prometheus: {} } }, 'm.provider'],
    [{ interval: 'soon' }, 'm.interval'],
    [{ interval: 0 }, 'm.interval'],
    [{ initialDelay: '-1s' }, 'm.initialDelay'],
    [{ count: 'three' }, 'm.count'],
    [{ count: 2 }, 'm.count'],
    [{ consecutiveSuccessLimit: 2 }, 'm.consecutiveSuccessLimit'],
    [{ count: 2, interval: '1m', failureLimit: 3 }, 'm.count'],
    [{ count: 2, interval: '1m', inconclusiveLimit: 3 }, 'm.inconclusiveLimit'],
    [{ failureLimit: -2 }, 'm.failureLimit'],
    [{ failureLimit: -1 }, 'm.failureLimit'],
    [{ consecutiveErrorLimit: 1.5 }, 'm.consecutiveErrorLimit'],
    [{ successCondition: 'foo(result)' }, 'm.successCondition'],
    [{ failureCondition: 'result >' }, 'm.failureCondition'],
  ])('%j is refused at %s', (fields, path) => {
    const read = readMetric({ name: 'up', provider, ...fields }, 'm');
    expect(read.ok ? [] : read.problems.map(problem => problem.path)).toContain(path);
  });
});
