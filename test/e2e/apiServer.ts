import { readFileSync } from 'node:fs';
import { Agent, request } from 'undici';

/** Where an API server is, and as whom to ask it. */
export interface Access {
  readonly url: string;
  /** File of the certificate that it shows. */
  readonly certificate: string;
  readonly token: string;
}

export interface ApiServer {
  /** The answer as JSON, or as text where it is none. @throws ApiServerError for any status but 2xx. */
  send(
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    path: string,
    body?: unknown,
    contentType?: string,
  ): Promise<unknown>;
  close(): Promise<void>;
}

export class ApiServerError extends Error {
  override readonly name = 'ApiServerError';

  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** Plain JSON over HTTPS: typed clients leave out of a CustomResourceDefinition what their types do not know. */
export function connect({ url, certificate, token }: Access): ApiServer {
  const dispatcher = new Agent({ connect: { ca: readFileSync(certificate) } });
  return {
    async send(method, path, body, contentType = 'application/json') {
      const { statusCode, body: answer } = await request(`${url}${path}`, {
        dispatcher,
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': contentType, accept: 'application/json' },
        body: body === undefined ? null : JSON.stringify(body),
      });
      const text = await answer.text();
      if (statusCode >= 300) throw new ApiServerError(statusCode, `${method} ${path}: ${statusCode} ${text}`);
      return text.startsWith('{') ? JSON.parse(text) : text;
    },
    close: () => dispatcher.close(),
  };
}

export function isNotFound(error: unknown): boolean {
  return error instanceof ApiServerError && error.status === 404;
}
