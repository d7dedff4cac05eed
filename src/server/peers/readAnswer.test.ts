import { expect, it } from 'vitest';
import { syncAnswer } from '../../../test/testServer.js';
import { isRefusal, readAnswer, readLargeAnswer } from './readAnswer.js';

const complete = JSON.stringify(syncAnswer);

it.each([
  ['what a hook writes', complete, true],
  ['what is cut off', complete.slice(0, -1), false],
  ['no children', '{"status":{}}', false],
  ['children only in a text', '{"status":{"message":"{,\\"children\\":[]"}}', false],
  ['no status', '{"children":[]}', false],
  ['a status that is no object', '{"status":"ok","children":[]}', false],
  ['a list', '[]', false],
  ['another page', '<html>', false],
  ['nothing', '', false],
])('%s: %s', (_, text, isAnswer) => {
  const body = Buffer.from(text);
  expect(readAnswer(body)).toEqual(isAnswer ? syncAnswer : undefined);
  expect(readLargeAnswer(body)).toBe(isAnswer ? body : undefined);
});

it('a refusal is short', () => {
  expect(isRefusal(Buffer.from('{"code":"SR3001"}'))).toBe(true);
  expect(isRefusal(Buffer.from(`{"code":"SR3001"}${' '.repeat(64 * 1024)}`))).toBe(false);
});
