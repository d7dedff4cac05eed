/**
 * What a metrics provider is. It only describes: requests to be sent, and how their answers are read. Sending is the
 * fetcher's, so that addresses, time, sizes and secrets are looked after in one place.
 */
import type { Static, TSchema } from 'typebox';
import type { Instant } from '../schema/instant.js';
import { asText, fields, type Json } from '../schema/json.js';
import { checkedSpec } from './checkedSpec.js';
import type { Exchange } from './exchange.js';

/** The rollout that a measurement belongs to. */
export interface MeasuredRollout {
  /** Of the StormService. */
  readonly name: string;
  readonly namespace: string;
  readonly revision: string;
  /** Index of the step. */
  readonly step?: number;
  /** As in `rolloutStatus.phase`. */
  readonly phase?: string;
}

export interface QueryContext {
  readonly now: Instant;
  /** Only for a provider that `tellsRollout`. */
  readonly rollout?: MeasuredRollout;
  /** Decoded data of the provider's Secret. */
  readonly secrets: Readonly<Record<string, string>>;
}

export interface ImpliedConditions {
  readonly successCondition?: string;
  readonly failureCondition?: string;
}

/** Where a provider's spec names its Secret, always in the namespace of the StormService. */
interface SecretField {
  readonly field: readonly string[];
  /** The Secret when the spec names none; absent: none is needed. */
  readonly default?: string;
  /** What the Secret must hold, for the docs. */
  readonly keys: string;
}

/** What `src/providers/<name>.ts` writes down, in this order. */
interface Definition<Name extends string, Schema extends TSchema> {
  /** Its key in a metric's `provider`. */
  readonly name: Name;
  readonly schema: Schema;
  /** What `result` is in a condition, for the docs. */
  readonly yields: string;
  /** Its address may be a host without a scheme. */
  readonly acceptsHost?: true;
  /** Its requests tell of the rollout, so StormServices cannot share them. */
  readonly tellsRollout?: true;
  readonly secret?: SecretField;
  /** The spec's own time limit for one request. */
  timeoutSeconds?(spec: Static<Schema>): number | undefined;
  /** A provider that starts a job and waits for it: how long all of it may take. */
  readonly jobSeconds?: number;
  /** Conditions, in CEL, of a metric that has none of its own; absent: every value is a success. */
  conditions?(written: Json | undefined): ImpliedConditions;
  /** @throws QueryError when the spec cannot be queried */
  ask(spec: Static<Schema>, context: QueryContext): Exchange | Promise<Exchange>;
}

/** A metric's provider with its spec. */
export interface Query {
  readonly timeoutSeconds: number | undefined;
  readonly jobSeconds: number | undefined;
  /** @throws QueryError when the spec cannot be queried */
  ask(context: QueryContext): Exchange | Promise<Exchange>;
}

/** One metrics system. */
export interface Provider<Name extends string = string, Schema extends TSchema = TSchema> {
  readonly name: Name;
  readonly schema: Schema;
  readonly yields: string;
  readonly secret: SecretField | undefined;
  readonly acceptsHost: boolean;
  readonly tellsRollout: boolean;
  /**
   * Conditions of a metric that has none of its own; read before secret args are filled in.
   * @throws QueryError when the fields that they are made of cannot be read
   */
  conditions(written: Json | undefined): ImpliedConditions;
  /** The Secret with its credentials; read before secret args are filled in. */
  secretName(written: Json | undefined): string | undefined;
  /**
   * The spec with its args filled in.
   * @throws QueryError that names the field when the args do not fit
   */
  query(written: Json | undefined): Query;
}

export function defineProvider<const Name extends string, Schema extends TSchema>(
  definition: Definition<Name, Schema>,
): Provider<Name, Schema> {
  const { name, schema, yields, secret, jobSeconds, acceptsHost = false, tellsRollout = false } = definition;
  return {
    name,
    schema,
    yields,
    secret,
    acceptsHost,
    tellsRollout,
    conditions: written => definition.conditions?.(written) ?? {},
    secretName: written => secret && (textAt(written, secret.field) || secret.default),
    query: written => {
      const spec = checkedSpec(name, schema, written);
      return {
        timeoutSeconds: definition.timeoutSeconds?.(spec),
        jobSeconds,
        ask: context => definition.ask(spec, context),
      };
    },
  };
}

function textAt(written: unknown, path: readonly string[]): string | undefined {
  return asText(path.reduce((here, field) => fields(here)[field], written));
}
