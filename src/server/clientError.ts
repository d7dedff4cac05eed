import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { errorAnswer, type HookError, hookError } from '../schema/errors.js';
import type { Logger } from './log.js';

/** Responds to a client whose request is too slow, or is not HTTP. There is no reply object yet, only the socket. */
export function answerClientError(error: { readonly code: string }, socket: Socket, logger: Logger): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const failure = toHookError(error.code);
  logger.warn({ code: failure.code, remoteAddress: socket.remoteAddress }, failure.message);
  if (socket.writable) {
    const body = JSON.stringify(errorAnswer(failure));
    socket.end(
      `HTTP/1.1 ${failure.status} ${STATUS_CODES[failure.status]}\r\nConnection: close\r\n` +
        `Content-Type: application/json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
  }
  socket.destroySoon();
}

function toHookError(code: string): HookError {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return hookError('SR2008', {});
  return hookError('SR2009', { problem: code });
}
