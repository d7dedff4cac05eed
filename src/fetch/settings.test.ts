import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { defaultFetchSettings } from './settings.js';

const { requestsPerTarget, underWay, reading, maxAnswerBytes } = defaultFetchSettings;
const number = (value: number) => value.toLocaleString('en-US');
const mib = (bytes: number) => `${bytes / 1024 / 1024} MiB`;

it('docs/analysis.md has the limits', () => {
  expect(readFileSync('docs/analysis.md', 'utf8')).toContain(
    `${requestsPerTarget} requests to one server, ${number(underWay.each)} queries under way (${number(underWay.all)} of all namespaces, but each gets ${underWay.always} in any case), and ${mib(reading.each)} of answers that are being read (${mib(reading.all)} of all, but each gets ${mib(reading.always)} in any case).`,
  );
});

it('one answer of the greatest length can always be read', () => {
  expect(reading.always).toBeGreaterThanOrEqual(maxAnswerBytes);
});
