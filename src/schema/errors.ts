/**
 * Every error that the hook names, in one place. A code never changes its meaning and is never used again, so that it
 * can be searched for; the table in docs/errors.md is made from this file.
 *
 * - `terminal`: the same input fails again; somebody has to change something.
 * - `retryable`: the same input may pass later; Metacontroller asks again by itself.
 * - `inconclusive`: the outcome is unknown; the next observation shows it.
 */
export type ErrorKind = 'terminal' | 'retryable' | 'inconclusive';

interface Definition {
  readonly kind: ErrorKind;
  /** HTTP status; null where there is no answer to put it in. */
  readonly status: number | null;
  /** `{name}` stands for a value that the place which raises the error gives. */
  readonly message: string;
  readonly remedy: string;
}

export const errorDefinitions = {
  SR1001: {
    kind: 'terminal',
    status: null,
    message: 'The configuration is not valid: {problems}',
    remedy: 'Fix the environment variables named; docs/configuration.md lists all of them.',
  },
  SR1002: {
    kind: 'retryable',
    status: null,
    message: '{name} changed and cannot be used: {problem}. The previous value stays in use',
    remedy: 'Write a valid file; it is reloaded automatically.',
  },
  SR1003: {
    kind: 'terminal',
    status: null,
    message: 'Cannot listen on {host} port {port}: {problem}',
    remedy: 'Free the port or set PORT and HOST.',
  },
  SR2001: {
    kind: 'terminal',
    status: 400,
    message: 'The body is not JSON: {problem}',
    remedy: 'Only Metacontroller, or a program that speaks its protocol, should call this path.',
  },
  SR2002: {
    kind: 'terminal',
    status: 400,
    message: 'The body is not a Metacontroller {hook} request: {problem}',
    remedy: 'Compare the controller and the path of its webhook URL with metacontroller/.',
  },
  SR2003: {
    kind: 'terminal',
    status: 400,
    message: 'The calling controller is not set up for StormServices: {problem}',
    remedy: 'Apply metacontroller/ unchanged, or add what is missing to your controller.',
  },
  SR2004: {
    kind: 'terminal',
    status: 401,
    message: 'The request has no valid bearer token',
    remedy: 'Give Metacontroller one of the tokens in HOOK_TOKEN or HOOK_TOKEN_FILE (docs/install.md).',
  },
  SR2005: {
    kind: 'terminal',
    status: 413,
    message: 'The body is larger than {limit} bytes',
    remedy:
      'Lower revisionHistoryLimit of the StormService, remove the analysis label from Secrets that no analysis needs, or raise BODY_LIMIT.',
  },
  SR2006: {
    kind: 'terminal',
    status: 415,
    message: 'The content type is not application/json',
    remedy: 'Only Metacontroller, or a program that speaks its protocol, should call this path.',
  },
  SR2007: {
    kind: 'terminal',
    status: 404,
    message: 'There is no endpoint {method} {path}',
    remedy:
      'Call POST /sync, /customize, /decorate, /customize-pods or /decorate-pods, or GET /healthz, /readyz or /metrics.',
  },
  SR2008: {
    kind: 'retryable',
    status: 408,
    message: 'The request did not arrive in time',
    remedy: 'Check the network between Metacontroller and the hook, or raise REQUEST_TIMEOUT.',
  },
  SR2009: {
    kind: 'terminal',
    status: 400,
    message: 'The request is not HTTP: {problem}',
    remedy: 'Check the scheme of the webhook URL: http without TLS, https with it.',
  },
  SR2010: {
    kind: 'inconclusive',
    status: null,
    message: 'The caller disconnected before it received the whole response',
    remedy: "Raise the webhook's timeout if this persists; Metacontroller retries automatically.",
  },
  SR2011: {
    kind: 'terminal',
    status: 508,
    message: 'The request was made by a hook: a metric or a health check has the address of a hook',
    remedy: 'Write the address of the metrics system or endpoint into the StormService or template.',
  },
  SR2012: {
    kind: 'terminal',
    status: 413,
    message: 'The body has more than {limit} values',
    remedy: 'Delete children that are no longer needed, or make the StormService smaller.',
  },
  SR3001: {
    kind: 'retryable',
    status: 500,
    message: 'The hook failed; nothing was changed. For the cause, see request {requestId} in its log',
    remedy: 'Report the log line as a bug. Metacontroller retries and leaves every object unchanged.',
  },
  SR3002: {
    kind: 'retryable',
    status: 503,
    message: 'The hook is shutting down',
    remedy: 'None needed: another replica responds.',
  },
  SR3003: {
    kind: 'retryable',
    status: 503,
    message: 'Too many large requests are waiting',
    remedy: 'None needed: Metacontroller retries. If it persists, raise the number of replicas of the hook.',
  },
} as const satisfies Readonly<Record<string, Definition>>;

export type ErrorCode = keyof typeof errorDefinitions;

type Placeholder<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Placeholder<Rest>
  : never;

/** The values that a code's message asks for. */
export type ErrorValues<Code extends ErrorCode> = Readonly<
  Record<Placeholder<(typeof errorDefinitions)[Code]['message']>, string | number>
>;

/** An error of the registry. `message` is safe to show to the caller; a `cause` is for the log alone. */
export abstract class HookError extends Error {
  abstract readonly kind: ErrorKind;
  readonly code: ErrorCode;
  /** HTTP status of the answer. */
  readonly status: number;
  readonly remedy: string;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
    this.status = errorDefinitions[code].status ?? 500;
    this.remedy = errorDefinitions[code].remedy;
  }
}

export class TerminalError extends HookError {
  readonly kind = 'terminal';
}

export class RetryableError extends HookError {
  readonly kind = 'retryable';
}

export class InconclusiveError extends HookError {
  readonly kind = 'inconclusive';
}

const classes = { terminal: TerminalError, retryable: RetryableError, inconclusive: InconclusiveError };

/** Makes the error of a code: its class follows from the registry, its message from the template and the values. */
export function hookError<Code extends ErrorCode>(
  code: Code,
  values: ErrorValues<Code>,
  options?: ErrorOptions,
): HookError {
  const { kind, message } = errorDefinitions[code];
  return new classes[kind](code, fill(message, values), options);
}

/** An error of another thread, which has made its message. */
export function restoredError(code: ErrorCode, message: string): HookError {
  return new classes[errorDefinitions[code].kind](code, message);
}

function fill(template: string, values: Readonly<Record<string, string | number>>): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name]));
}

/** Body of every answer that is not a 200. Metacontroller writes it to its log and into an event on the StormService. */
export interface ErrorAnswer {
  readonly code: ErrorCode;
  readonly message: string;
}

export function errorAnswer({ code, message, remedy }: HookError): ErrorAnswer {
  return { code, message: `${message}. ${remedy}` };
}
