import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { defaultFetchSettings } from './settings.js';

const { requestsPerTarget, underWay, reading, maxAnswerBytes } = defaultFetchSettings;
const number = (value: number) => value.toLocaleString('en-US');
const mib = (bytes: number) => `${bytes / 1024 / 1024} MiB`;

it('docs/analysis.md has the limits', () => {
  expect(readFileSync('docs/analysis.md', 'utf8')).toContain(
    `${requestsPerTarget} requests to one server, ${number(underWay.each)} queries in progress (${number(underWay.all)} overall, but each namespace always gets ${underWay.always}), and ${mib(reading.each)} of responses being read (${mib(reading.all)} overall, but each namespace always gets ${mib(reading.always)}).`,
  );
});

it('one answer of the greatest length can always be read', () => {
  expect(reading.always).toBeGreaterThanOrEqual(maxAnswerBytes);
});
