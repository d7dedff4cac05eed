import type { FastifyInstance, FastifyRequest } from 'fastify';
import { parse } from 'secure-json-parse';
import { hookError } from '../schema/errors.js';

/** `keep` gets each body as it was sent, unless it stays unparsed. */
export interface JsonOptions {
  /** A body of more bytes stays a buffer. */
  readonly unparsed?: number | undefined;
  readonly keep?: ((request: FastifyRequest, body: Buffer) => void) | undefined;
}

/** Accepts only application/json. */
export function acceptJsonOnly(app: FastifyInstance, { unparsed = Number.POSITIVE_INFINITY, keep }: JsonOptions): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser<Buffer>(
    'application/json',
    { parseAs: 'buffer' },
    async (request: FastifyRequest, body: Buffer) => {
      if (body.length > unparsed) return body;
      keep?.(request, body);
      return parseBody(body.toString());
    },
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
