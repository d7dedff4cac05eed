import { expect, it } from 'vitest';
import { instantOf } from './timeExpression.js';

const NOW = Date.parse('2026-01-31T12:00:00Z');
const read = (start?: string) => instantOf(start, 'start', NOW);

it.each([
  [undefined, 0],
  ['now()', 0],
  ['now', 0],
  ['now() - duration("5m")', -300_000],
  ['now() -duration(\'1h\') + duration( "30s" )', -3_570_000],
  ['2026-01-31T12:00:10Z', 10_000],
  [String(NOW / 1000 + 1), 1000],
])('%s', (text, offset) => {
  expect(read(text) - NOW).toBe(offset);
});

it.each(['now() - 5m', 'yesterday', 'now() - duration("5 minutes")', 'now()now()'])('%s is no time', text => {
  expect(() => read(text)).toThrow('start is not a time');
});
