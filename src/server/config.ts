import { readFileSync } from 'node:fs';
import { type Static, type TSchema, Type } from 'typebox';
import { Value } from 'typebox/value';
import { type AllowList, parseAllowList } from '../fetch/allowList.js';
import type { ApplyStrategy } from '../metacontroller/hook.js';
import { hookError } from '../schema/errors.js';
import { type PeerHost, parsePeers } from './peers/parsePeers.js';
import { type KeyPairFiles, readKeyPair } from './tls.js';
import { parseTokens } from './tokens.js';

const duration = (fallback: string, description: string) =>
  Type.String({
    pattern: '^[0-9]+(ms|s|m|h)$',
    default: fallback,
    expected: 'a duration such as 500ms, 30s or 5m',
    description,
  });

const optional = (description: string) => Type.Optional(Type.String({ description }));

/** Every environment variable that the hook reads: the source of validation, of the type and of docs/configuration.md. */
export const Environment = Type.Object({
  PORT: Type.Integer({
    minimum: 0,
    maximum: 65_535,
    default: 8080,
    expected: 'a port from 0 to 65535',
    description: 'Port to listen on; 0 takes any free one.',
  }),
  HOST: Type.String({ minLength: 1, default: '0.0.0.0', description: 'Address to listen on; `::` for IPv6 as well.' }),
  LOG_LEVEL: Type.Enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
    default: 'info',
    description: '`info` logs one line per sync that changes a rollout, `debug` one per call.',
  }),
  APPLY_STRATEGY: Type.Enum(['dynamic-apply', 'server-side-apply'], {
    default: 'dynamic-apply',
    description:
      "Must match Metacontroller's flag `--apply-strategy`. With `dynamic-apply`, the hook refuses lists that its merge would corrupt.",
  }),
  HOOK_TOKEN: optional(
    'Bearer token that Metacontroller must send; several, separated by commas or lines, are all valid. Unset: no token is required.',
  ),
  HOOK_TOKEN_FILE: optional(
    'File with the token or tokens, reloaded when it changes. Mutually exclusive with HOOK_TOKEN.',
  ),
  TLS_CERT_FILE: optional('PEM certificate chain; with TLS_KEY_FILE the hook serves HTTPS. Reloaded when it changes.'),
  TLS_KEY_FILE: optional('PEM private key of TLS_CERT_FILE.'),
  FILE_RELOAD_INTERVAL: duration('10s', 'How often the token and TLS files are checked for changes.'),
  BODY_LIMIT: Type.String({
    pattern: '^[0-9]+(Ki|Mi)?$',
    default: '8Mi',
    expected: 'a number of bytes such as 1048576, 512Ki or 8Mi',
    description: 'Maximum size of a request body: the StormService with all of its children and related objects.',
  }),
  REQUEST_TIMEOUT: duration('10s', 'Maximum time to receive a request, headers and body; a slower request gets a 408.'),
  HEADERS_TIMEOUT: duration('5s', 'Maximum time to receive the headers of a request.'),
  SOCKET_TIMEOUT: duration('30s', 'Idle time during a request after which its connection is closed.'),
  KEEP_ALIVE_TIMEOUT: duration(
    '100s',
    'How long an idle connection is kept open. Longer than the 90 s of Metacontroller, so that the hook never closes it first.',
  ),
  SHUTDOWN_DELAY: duration(
    '0s',
    'Time after SIGTERM during which requests are still accepted, while `/readyz` returns 503 and the pod leaves the endpoints of the Service.',
  ),
  SHUTDOWN_GRACE: duration(
    '20s',
    'Time after SHUTDOWN_DELAY for requests in flight to finish before their connections are closed.',
  ),
  METRICS_PORT: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 65_535,
      expected: 'a port number',
      description:
        'Port for `/metrics` alone, in plain HTTP, so that a network policy can let Prometheus reach it and nothing else. Unset: PORT serves it too.',
    }),
  ),
  METRICS_TTL: duration('15m', 'Time without a sync after which a StormService is dropped from the metrics.'),
  METRICS_MAX_STORMSERVICES: Type.Integer({
    minimum: 0,
    maximum: 1_000_000,
    default: 5000,
    description: 'Maximum number of StormServices with their own metrics; the most recently synced are kept.',
  }),
  ANALYSIS_WAIT: duration(
    '1s',
    'How long a sync waits for measurements; slower ones continue in the background, and the next sync collects them.',
  ),
  ANALYSIS_TIMEOUT: duration('30s', 'Maximum duration of a query of a metric; a metric can set a shorter one.'),
  ANALYSIS_ALLOW: optional(
    'The only targets that metrics may reach: hosts, `*.domain`, IP addresses and CIDRs, each with an optional `:port`, separated by commas. Unset: every http and https address except loopback, link-local, metadata, unspecified and multicast ones.',
  ),
  PEERS: optional(
    'Headless Service, or hosts separated by commas, where the replicas of the hook are, each with an optional `:port` (default: the port of this replica). Several replicas then query each measurement once. Unset: each replica queries by itself.',
  ),
});

export type Environment = Static<typeof Environment>;

/** The configuration as the program uses it: durations in milliseconds, sizes in bytes. */
export interface Config {
  readonly host: string;
  readonly port: number;
  readonly logLevel: Environment['LOG_LEVEL'];
  readonly applyStrategy: ApplyStrategy;
  readonly tokens: TokenOrigin;
  readonly tls?: KeyPairFiles;
  readonly fileReloadInterval: number;
  readonly limits: RequestLimits;
  readonly shutdown: { readonly delay: number; readonly grace: number };
  /** Without a port of its own, `/metrics` is served beside the hook. */
  readonly metrics: { readonly port?: number; readonly ttl: number; readonly maxStormServices: number };
  readonly analysis: { readonly wait: number; readonly timeout: number; readonly allow?: AllowList };
  /** Absent: this replica knows of no other. */
  readonly peers?: readonly PeerHost[];
}

/** The source of the valid bearer tokens. */
export type TokenOrigin =
  | { readonly from: 'none' }
  | { readonly from: 'value'; readonly text: string }
  | { readonly from: 'file'; readonly path: string };

/** Limits of one request. Bytes and milliseconds. */
export interface RequestLimits {
  readonly body: number;
  readonly request: number;
  readonly headers: number;
  readonly socket: number;
  readonly keepAlive: number;
}

/**
 * Reads and checks the whole environment, files included.
 * @throws SR1001, which names every problem but never the value of a token.
 */
export function readConfig(variables: Readonly<Record<string, string | undefined>>): Config {
  // Kubernetes cannot unset a variable that a base sets, only empty it.
  const written = Object.fromEntries(Object.entries(variables).filter(([, text]) => text !== undefined && text !== ''));
  const environment = Value.Convert(Environment, Value.Default(Environment, { ...written }));
  const ownProblems = [tokenProblems, tlsProblems, allowProblems, peersProblems].flatMap(problems => problems(written));
  if (Value.Check(Environment, environment) && ownProblems.length === 0) return toConfig(environment);
  const problems = [...describeErrors(environment, written), ...ownProblems];
  throw hookError('SR1001', { problems: problems.join('; ') });
}

type Written = Readonly<Record<string, string | undefined>>;

function describeErrors(environment: unknown, written: Written): string[] {
  return Value.Errors(Environment, environment).map(({ instancePath, message }) => {
    const name = instancePath.slice(1);
    return `${name} is "${written[name]}", not ${expectedValue(name as keyof Environment) ?? message}`;
  });
}

/** The values a variable accepts, in words; also for the table in the docs. */
export function expectedValue(name: keyof Environment): string | undefined {
  const schema: { readonly expected?: unknown; readonly enum?: unknown } & TSchema = Environment.properties[name];
  if (typeof schema.expected === 'string') return schema.expected;
  return Array.isArray(schema.enum) ? `one of ${schema.enum.join(', ')}` : undefined;
}

function tokenProblems({ HOOK_TOKEN: value, HOOK_TOKEN_FILE: path }: Written): string[] {
  if (value !== undefined && path !== undefined) return ['HOOK_TOKEN and HOOK_TOKEN_FILE are both set; set one'];
  if (value !== undefined) return problemsOf('HOOK_TOKEN', () => parseTokens(value));
  if (path !== undefined) return problemsOf('HOOK_TOKEN_FILE', () => parseTokens(readFileSync(path, 'utf8')));
  return [];
}

function tlsProblems({ TLS_CERT_FILE: cert, TLS_KEY_FILE: key }: Written): string[] {
  if (cert === undefined && key === undefined) return [];
  if (cert === undefined) return ['TLS_KEY_FILE is set without TLS_CERT_FILE'];
  if (key === undefined) return ['TLS_CERT_FILE is set without TLS_KEY_FILE'];
  return problemsOf('TLS_CERT_FILE and TLS_KEY_FILE', () => readKeyPair({ cert, key }));
}

function allowProblems({ ANALYSIS_ALLOW: text }: Written): string[] {
  const parsed = parseAllowList(text ?? '');
  return parsed.ok ? [] : [`ANALYSIS_ALLOW: ${parsed.problem}`];
}

function peersProblems({ PEERS: text }: Written): string[] {
  return text === undefined ? [] : problemsOf('PEERS', () => parsePeers(text));
}

function problemsOf(name: string, read: () => unknown): string[] {
  try {
    read();
    return [];
  } catch (error) {
    return [`${name}: ${error instanceof Error ? error.message : String(error)}`];
  }
}

function toConfig(environment: Environment): Config {
  const { TLS_CERT_FILE: cert, TLS_KEY_FILE: key } = environment;
  return {
    host: environment.HOST,
    port: environment.PORT,
    logLevel: environment.LOG_LEVEL,
    applyStrategy: environment.APPLY_STRATEGY,
    tokens: tokenOrigin(environment),
    ...(cert !== undefined && key !== undefined && { tls: { cert, key } }),
    fileReloadInterval: milliseconds(environment.FILE_RELOAD_INTERVAL),
    limits: {
      body: bytes(environment.BODY_LIMIT),
      request: milliseconds(environment.REQUEST_TIMEOUT),
      headers: milliseconds(environment.HEADERS_TIMEOUT),
      socket: milliseconds(environment.SOCKET_TIMEOUT),
      keepAlive: milliseconds(environment.KEEP_ALIVE_TIMEOUT),
    },
    shutdown: {
      delay: milliseconds(environment.SHUTDOWN_DELAY),
      grace: milliseconds(environment.SHUTDOWN_GRACE),
    },
    metrics: {
      ...(environment.METRICS_PORT !== undefined && { port: environment.METRICS_PORT }),
      ttl: milliseconds(environment.METRICS_TTL),
      maxStormServices: environment.METRICS_MAX_STORMSERVICES,
    },
    analysis: {
      wait: milliseconds(environment.ANALYSIS_WAIT),
      timeout: milliseconds(environment.ANALYSIS_TIMEOUT),
      ...allowed(environment),
    },
    ...(environment.PEERS !== undefined && { peers: parsePeers(environment.PEERS) }),
  };
}

/** Without the variable there is no list; with it, only the listed targets are reachable. */
function allowed({ ANALYSIS_ALLOW: text }: Environment): { readonly allow?: AllowList } {
  const parsed = text === undefined ? undefined : parseAllowList(text);
  return parsed?.ok ? { allow: parsed.list } : {};
}

function tokenOrigin({ HOOK_TOKEN: text, HOOK_TOKEN_FILE: path }: Environment): TokenOrigin {
  if (text !== undefined) return { from: 'value', text };
  if (path !== undefined) return { from: 'file', path };
  return { from: 'none' };
}

const unitMilliseconds = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;
const unitBytes = { '': 1, Ki: 1024, Mi: 1024 * 1024 } as const;

function milliseconds(text: string): number {
  return Number.parseInt(text, 10) * unitMilliseconds[text.replace(/^\d+/, '') as keyof typeof unitMilliseconds];
}

function bytes(text: string): number {
  return Number.parseInt(text, 10) * unitBytes[text.replace(/^\d+/, '') as keyof typeof unitBytes];
}
