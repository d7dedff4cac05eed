import { Agent, request } from 'node:http';

export interface Answer {
  /** 0: there was none. */
  readonly status: number;
  readonly body: string;
}

const agent = new Agent({ keepAlive: true });
/** Metacontroller's default. */
const TIMEOUT_MS = 10_000;

/** Sends a body in pieces, so that large ones are prepared once and never copied. */
export function post(url: string, pieces: readonly Buffer[]): Promise<Answer> {
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const headers = { 'content-type': 'application/json', 'content-length': length };
  return new Promise(resolve => {
    const call = request(url, { method: 'POST', agent, headers, signal: AbortSignal.timeout(TIMEOUT_MS) }, response => {
      const chunks: Buffer[] = [];
      const end = (status: number) => resolve({ status, body: Buffer.concat(chunks).toString('utf8') });
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => end(response.statusCode ?? 0));
      response.on('error', () => end(0));
    });
    // One that is refused early is answered before all of it is sent.
    call.on('error', () => resolve({ status: 0, body: '' }));
    for (const piece of pieces) call.write(piece);
    call.end();
  });
}
