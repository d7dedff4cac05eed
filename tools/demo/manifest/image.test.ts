import { expect, test } from 'vitest';
import { firstImage, laterImage, withTag } from './image.js';
import { readManifest } from './manifest.js';

test.each([
  ['app:1', 1, 'app:2'],
  ['app:1.4.9', 3, 'app:1.4.12'],
  ['app:stable', 2, 'app:stable-2'],
  ['app', 1, 'app:latest-1'],
  ['host:5000/team/app', 1, 'host:5000/team/app:latest-1'],
  ['host:5000/team/app:v7', 1, 'host:5000/team/app:v8'],
  ['app:2@sha256:0a1b', 1, 'app:3'],
])('laterImage(%s, %i) is %s', (image, n, later) => {
  expect(laterImage(image, n)).toBe(later);
});

test('withTag replaces the tag and the digest', () => {
  expect(withTag('host:5000/app:1@sha256:0a', 'bad')).toBe('host:5000/app:bad');
});

test('firstImage finds it in roles too', () => {
  expect(firstImage(readManifest('samples/rollout/multi-role.yaml').object)).toBe('vllm/vllm-openai:v0.10.0');
});
