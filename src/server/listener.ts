import { createServer as createHttpServer, type RequestListener, type Server, type ServerOptions } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { RequestLimits } from './config.js';
import type { KeyPair } from './tls.js';

/** How often Node checks connections: a slow client may exceed its limit by this much. Milliseconds. */
const checkInterval = 1000;

/** An HTTP server, or HTTPS with a key pair, that disconnects slow and idle clients. */
export function createListener(handler: RequestListener, limits: RequestLimits, keyPair: KeyPair | undefined): Server {
  const options: ServerOptions = {
    requestTimeout: limits.request,
    headersTimeout: Math.min(limits.headers, limits.request),
    keepAliveTimeout: limits.keepAlive,
    connectionsCheckingInterval: Math.min(checkInterval, limits.request, limits.headers),
  };
  const server: Server = keyPair
    ? createHttpsServer({ ...options, ...keyPair, minVersion: 'TLSv1.2' }, handler)
    : createHttpServer(options, handler);
  return server.setTimeout(limits.socket);
}
