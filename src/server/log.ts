import { type DestinationStream, type Logger as PinoLogger, pino } from 'pino';
import type { Config } from './config.js';

export type Logger = PinoLogger;

/**
 * JSON lines on standard output. Errors are reduced to type, message, code and stack: any other property of an error
 * could contain a part of the payload.
 */
export function createLogger(level: Config['logLevel'], destination?: DestinationStream): Logger {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: (error: unknown) => describeError(error) },
  };
  return destination ? pino(options, destination) : pino(options);
}

/** An exception as it is logged. `clean` removes what must not be logged from its strings. */
export function describeError(error: unknown, clean = (text: string) => text): Readonly<Record<string, unknown>> {
  if (!(error instanceof Error)) return { type: typeof error };
  const { name: type, message, stack = '' } = error;
  return { type, message: clean(message), ...('code' in error && { code: error.code }), stack: clean(stack) };
}
