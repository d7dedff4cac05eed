import type { FastifyInstance } from 'fastify';
import { hookError } from '../schema/errors.js';

/** Takes application/json bodies only. What is wrong with one is told by its place, never by quoting it. */
export function acceptJsonOnly(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) => {
    parse(request, body, (error, value) => {
      if (error) done(hookError('SR2001', { problem: describeJsonError(body) }));
      else done(null, value);
    });
  });
}

function describeJsonError(body: string): string {
  if (body === '') return 'it is empty';
  try {
    JSON.parse(body);
    return 'it has a key that could change the prototype of an object';
  } catch (error) {
    return describeSyntaxError(String(error), body.length);
  }
}

/** V8 quotes the text around an error, which may be a Secret; of its message only the position is used. */
function describeSyntaxError(message: string, length: number): string {
  const position = Number(/at position (\d+)/.exec(message)?.[1] ?? Number.NaN);
  if (position >= length || message.includes('Unexpected end')) return `it ends too early, after ${length} characters`;
  return Number.isNaN(position) ? `an error within its ${length} characters` : `an error at character ${position}`;
}
