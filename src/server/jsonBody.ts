import type { FastifyInstance } from 'fastify';
import { hookError } from '../schema/errors.js';

/** Accepts only application/json. An error is reported by its position, never by quoting the body. */
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

/** V8 quotes the text around an error, which may be a Secret, so only the position is taken from its message. */
function describeSyntaxError(message: string, length: number): string {
  const position = Number(/at position (\d+)/.exec(message)?.[1] ?? Number.NaN);
  if (position >= length || message.includes('Unexpected end'))
    return `it ends unexpectedly after ${length} characters`;
  return Number.isNaN(position) ? `an error within its ${length} characters` : `an error at character ${position}`;
}
