import type { Dispatcher } from 'undici';
import type { HttpRequest, HttpResponse } from '../providers/exchange.js';
import { QueryError } from '../providers/queryError.js';
import { FORWARDED } from '../schema/forwarded.js';
import { VIA } from '../schema/via.js';
import { type AddressGuard, hostOf } from './addressGuard.js';
import type { Agents } from './agents.js';
import { failureOf } from './failure.js';
import { isRedirect, redirectError } from './redirect.js';

/** Sends requests of providers. Addresses are guarded, answers bounded, errors speak our own words. */
export interface HttpClient {
  /**
   * @throws QueryError, or the signal's reason when it is aborted
   */
  send(request: HttpRequest, signal: AbortSignal, reading: Reading): Promise<HttpResponse>;
}

/** What a query brings along for reading its answers. */
export interface Reading {
  /** Whether the query has secrets by now. */
  readonly confidential: () => boolean;
  /** @throws QueryError of kind `busy` when so many more bytes may not be read now */
  readonly reserve: (bytes: number) => void;
}

export interface HttpClientOptions {
  readonly guard: AddressGuard;
  readonly agents: Agents;
  /** Longest body that is read. */
  readonly maxBytes: number;
}

export function createHttpClient({ guard, agents, maxBytes }: HttpClientOptions): HttpClient {
  return {
    async send(request, signal, reading) {
      const url = parse(request.url);
      guard.checkUrl(url);
      try {
        const response = await agents.of(request).request({
          origin: url.origin,
          path: url.pathname + url.search,
          method: request.method,
          headers: headersOf(request, url),
          body: request.body ?? null,
          signal,
          // The signal is the one clock; undici's own would only cut a long time limit short.
          headersTimeout: 0,
          bodyTimeout: 0,
        });
        return await read(request, response, { maxBytes, ...reading });
      } catch (error) {
        signal.throwIfAborted();
        throw failureOf(error, hostOf(url));
      }
    },
  };
}

async function read(
  request: HttpRequest,
  response: Dispatcher.ResponseData,
  { maxBytes, confidential, reserve }: Reading & { readonly maxBytes: number },
): Promise<HttpResponse> {
  const { statusCode: status, headers } = response;
  if (request.wants === 'status') {
    drop(response);
    return { status, body: '' };
  }
  if (isRedirect(status)) {
    drop(response);
    const [location] = [headers['location']].flat();
    throw redirectError(request, { status, location, confidential: confidential() });
  }
  return { status, body: await readBody(response, maxBytes, reserve) };
}

/** No compression is asked for, and none accepted: a small answer must not become a large one. */
async function readBody(
  response: Dispatcher.ResponseData,
  maxBytes: number,
  reserve: Reading['reserve'],
): Promise<string> {
  const encoding = response.headers['content-encoding'];
  if (encoding !== undefined && encoding !== '' && encoding !== 'identity') {
    drop(response);
    throw new QueryError('answer', 'the answer is compressed, which was not asked for');
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response.body as AsyncIterable<Buffer>) {
    size += chunk.length;
    reserve(chunk.length);
    if (size > maxBytes) throw new QueryError('answer', `the answer is longer than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  // Takes a byte order mark off as well, which is no JSON.
  return new TextDecoder().decode(Buffer.concat(chunks));
}

/** The rest of the answer is not wanted: its connection is closed. */
function drop({ body }: Dispatcher.ResponseData): void {
  body.on('error', () => undefined);
  body.destroy();
}

/** Set by HTTP itself, would ask for an answer that is refused, or has a meaning among hooks. */
const NOT_SENT: ReadonlySet<string> = new Set([
  'accept-encoding',
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'via',
  FORWARDED,
]);

function headersOf(request: HttpRequest, url: URL): Record<string, string> {
  const written = Object.entries(request.headers ?? {})
    .filter(([name]) => !NOT_SENT.has(name))
    // A Secret made with echo ends in a new line, which no header may.
    .map(([name, text]) => [name, text.trim()] as const);
  return {
    'user-agent': 'stormservice-rollouts',
    ...(url.username !== '' && { authorization: credentialsIn(url) }),
    ...Object.fromEntries(written),
    // A hook refuses what a hook asks.
    via: VIA,
  };
}

/** `https://user:password@host`, as browsers and curl take it. */
function credentialsIn(url: URL): string {
  const credentials = `${decoded(url.username)}:${decoded(url.password)}`;
  return `Basic ${Buffer.from(credentials).toString('base64')}`;
}

/** A password with a per cent sign that nobody encoded is taken as it stands. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function parse(address: string): URL {
  if (!URL.canParse(address)) throw new QueryError('spec', 'the address is not a URL');
  return new URL(address);
}
