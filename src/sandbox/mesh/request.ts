/** What a client asks for: all that a route may look at. */
export interface MeshRequest {
  /**
   * As in the Host header, without a port. The name of a Service (`my-app`, `my-app.shop`, in full): a client inside of
   * the mesh. Any other: a request that comes in from outside, through a gateway or an ingress.
   */
  readonly host: string;
  readonly method: string;
  /** Without query. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Of the client, which short names of Services are relative to. */
  readonly namespace: string;
}

/** A plain GET of `/`, or something else. */
export function requestTo(host: string, other: Partial<MeshRequest> = {}): MeshRequest {
  return { host, method: 'GET', path: '/', headers: {}, namespace: 'default', ...other };
}

/** Values of the Cookie header by name. */
export function cookiesOf({ headers }: MeshRequest): Readonly<Record<string, string>> {
  const pairs = (headers['cookie'] ?? '').split(';').map(pair => pair.trim().split('=', 2));
  return Object.fromEntries(pairs.map(([name = '', value = '']) => [name, value]));
}
