import type { FastifyInstance, FastifyRequest } from 'fastify';
import { parse } from 'secure-json-parse';
import { hookError } from '../schema/errors.js';

/** Accepts only application/json. A body of more bytes than `unparsed` stays a buffer. */
export function acceptJsonOnly(app: FastifyInstance, unparsed = Number.POSITIVE_INFINITY): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser<Buffer>(
    'application/json',
    { parseAs: 'buffer' },
    async (_: FastifyRequest, body: Buffer) => (body.length > unparsed ? body : parseBody(body.toString())),
  );
}

/** @throws SR2001, which names the position of the error and never quotes the body */
export function parseBody(body: string): unknown {
  try {
    return parse(body);
  } catch {
    throw hookError('SR2001', { problem: describeJsonError(body) });
  }
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
