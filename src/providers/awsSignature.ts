/** AWS Signature Version 4. */
import { AwsV4Signer } from 'aws4fetch';
import type { Instant } from '../schema/instant.js';
import type { HttpRequest } from './exchange.js';
import { QueryError } from './queryError.js';

export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface AwsScope extends AwsCredentials {
  readonly service: string;
  readonly region: string;
}

/**
 * From the keys of a Secret, named as AWS names its environment variables. The hook's own credentials are never
 * used: whoever writes a StormService would borrow them.
 */
export function awsCredentials(secrets: Readonly<Record<string, string>>): AwsCredentials {
  const {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
  } = secrets;
  if (!accessKeyId || !secretAccessKey) {
    throw new QueryError('spec', 'the Secret has no AWS_ACCESS_KEY_ID or no AWS_SECRET_ACCESS_KEY');
  }
  return { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) };
}

export async function signed(request: HttpRequest, scope: AwsScope, now: Instant): Promise<HttpRequest> {
  const signer = new AwsV4Signer({
    ...scope,
    method: request.method,
    url: request.url,
    headers: { ...request.headers },
    body: request.body ?? null,
    datetime: new Date(now).toISOString().replace(/[:-]|\.\d{3}/g, ''),
  });
  const { url, headers } = await signer.sign();
  return { ...request, url: url.href, headers: Object.fromEntries(headers) };
}
