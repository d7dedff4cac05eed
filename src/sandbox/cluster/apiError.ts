/** Why the API server refused a request, as the reason of a metav1.Status. */
export type Refusal = 'NotFound' | 'NoKind' | 'AlreadyExists' | 'Conflict' | 'Invalid' | 'ServiceUnavailable';

export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    readonly reason: Refusal,
    message: string,
  ) {
    super(message);
  }
}
