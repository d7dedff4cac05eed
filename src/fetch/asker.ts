import { setMaxListeners } from 'node:events';
import type { Exchange } from '../providers/exchange.js';
import { providerNameOf, queryOf } from '../providers/providers.js';
import { QueryError } from '../providers/queryError.js';
import type { Instant } from '../schema/instant.js';
import type { Json } from '../schema/json.js';
import { createAddressGuard, type Resolver } from './addressGuard.js';
import { Agents } from './agents.js';
import type { MonotonicClock } from './clock.js';
import { createHttpClient, type HttpClient, type Reading } from './httpClient.js';
import type { MeasurementRequest } from './measurement.js';
import { Memory } from './memory.js';
import type { FetchObserver } from './observer.js';
import { outcomeOf, refuseLong } from './outcome.js';
import { type QueryLimits, type QueryPorts, type Read, runQuery, type Send } from './query.js';
import { type Answered, answerOf, fingerprint, type Question } from './question.js';
import type { FetchSettings } from './settings.js';
import { Shares } from './shares.js';
import type { Target } from './target.js';
import { Targets } from './targets.js';
import { Tokens } from './tokens.js';
import { Turns } from './turns.js';
import { within } from './within.js';

export interface AskerOptions {
  readonly settings: FetchSettings;
  readonly observer: FetchObserver;
  readonly clock: MonotonicClock;
  /** Absent: the system's own. */
  readonly resolve?: Resolver | undefined;
}

interface Addressed {
  readonly exchange: Exchange;
  readonly limits: QueryLimits;
  readonly target: Target;
}

/** A token and a query, each with a wait for its turn: what takes longer has been sent about by its server. */
const MAX_WAITS = 5;

interface Asking {
  readonly owner: string;
  /** What a query learns on its way is added. */
  readonly secrets: Map<string, string>;
  readonly reserve: Reading['reserve'];
}

/** Puts questions, each one once, and keeps their answers. */
export class Asker {
  readonly memory: Memory;
  readonly #settings: FetchSettings;
  readonly #observer: FetchObserver;
  readonly #clock: MonotonicClock;
  readonly #agents: Agents;
  readonly #client: HttpClient;
  readonly #targets: Targets;
  readonly #tokens: Tokens;
  readonly #underWay: Shares;
  readonly #reading: Shares;
  readonly #turns: Turns;
  readonly #closing = new AbortController();

  constructor({ settings, observer, clock, resolve }: AskerOptions) {
    const guard = createAddressGuard(settings.allow, resolve);
    this.#settings = settings;
    this.#observer = observer;
    this.#clock = clock;
    this.#agents = new Agents(guard);
    this.#client = createHttpClient({ guard, agents: this.#agents, maxBytes: settings.maxAnswerBytes });
    this.#targets = new Targets(settings, clock);
    this.#tokens = new Tokens(clock);
    this.memory = new Memory(settings, clock);
    this.#underWay = new Shares(settings.underWay);
    this.#reading = new Shares(settings.reading);
    this.#turns = new Turns(settings.turns, clock);
    // One listener per query under way, which is bounded.
    setMaxListeners(0, this.#closing.signal);
  }

  get closed(): boolean {
    return this.#closing.signal.aborted;
  }

  ask(request: MeasurementRequest, now: Instant): Question {
    const print = fingerprint(request);
    const known = this.memory.find(print);
    if (known) {
      this.#observer.shared(providerName(request));
      return known;
    }
    const { owner } = request;
    if (!this.#underWay.take(owner)) {
      this.#observer.postponed(providerName(request));
      return this.#postponed(owner, now);
    }
    const question = this.#put(request, now);
    this.memory.asked(print, question);
    question.answered.then(() => {
      this.#underWay.give(owner);
      this.memory.answered(print);
    });
    return question;
  }

  async close(): Promise<void> {
    this.#closing.abort(new QueryError('busy', 'fetching was closed'));
    await this.#agents.close();
  }

  #put(request: MeasurementRequest, now: Instant): Question {
    const askedAt = this.#clock.now();
    const addressed = this.#address(request, now);
    const question: Question = {
      owner: request.owner,
      askedAt,
      target: addressed.then(
        ({ target }) => target,
        () => undefined,
      ),
      answered: this.#answer(request, addressed, { askedAt, now }).then(answer => {
        if (answer) question.answer = answer;
        return answer;
      }),
    };
    return question;
  }

  async #address(request: MeasurementRequest, now: Instant): Promise<Addressed> {
    const query = queryOf(request.provider);
    const requestMs = Math.min(
      this.#settings.timeoutMs,
      milliseconds(query.timeoutSeconds),
      milliseconds(request.timeoutSeconds),
    );
    const { secrets, rollout } = request;
    const exchange = await query.ask({ now, secrets, ...(rollout !== undefined && { rollout }) });
    const totalMs = query.jobSeconds === undefined ? requestMs * MAX_WAITS : query.jobSeconds * 1000;
    const limits = { requestMs, totalMs };
    return { exchange, limits, target: this.#targets.of(request.owner, exchange.request) };
  }

  async #answer(
    request: MeasurementRequest,
    addressed: Promise<Addressed>,
    { askedAt, now }: { readonly askedAt: number; readonly now: Instant },
  ): Promise<Answered | undefined> {
    const secrets = new Map(Object.entries(request.secrets));
    const { owner } = request;
    let reading = 0;
    const reserve = (bytes: number) => {
      if (!this.#reading.take(owner, bytes)) {
        throw new QueryError('busy', 'too many responses are being read at the moment');
      }
      reading += bytes;
    };
    const query = addressed.then(({ exchange, limits }) => this.#run(exchange, limits, { owner, secrets, reserve }));
    const outcome = await outcomeOf(query, secrets);
    this.#reading.give(owner, reading);
    if (this.closed) return undefined;
    const elapsed = this.#clock.now() - askedAt;
    if (outcome.outcome === 'postponed') this.#observer.postponed(providerName(request));
    else this.#observer.queried(providerName(request), outcome.outcome, elapsed / 1000);
    return answerOf(now + Math.round(elapsed), outcome);
  }

  /** What a query learns on its way is kept as secret as what it brought along. */
  #run(exchange: Exchange, limits: QueryLimits, { owner, secrets, reserve }: Asking): Promise<Json> {
    const confidential = () => secrets.size > 0;
    const send: Send = (request, signal, limit) => {
      const ask = (until: AbortSignal) => this.#client.send(request, until, { confidential, reserve });
      return this.#targets.of(owner, request).exchange(limit.ms, signal, () => limit.within(ask));
    };
    const learn = (token: string) => secrets.set('token', token);
    const read = this.#reader(owner);
    const ports = { send, read, tokens: learning(this.#tokens, learn), clock: this.#clock };
    return runQuery(exchange, limits, ports, this.#closing.signal);
  }

  /** What others wrote takes time to read, and is measured where it was read. */
  #reader(owner: string): Read {
    const { maxValueLength } = this.#settings;
    const reason = () =>
      new QueryError('busy', 'not read in time: the responses of this namespace take too long to read');
    return (outer, ms, work) =>
      within({ ms, reason, outer, clock: this.#clock }, signal =>
        this.#turns.take(owner, signal, () => {
          const answer = work();
          if (answer.done) refuseLong(answer.value, maxValueLength);
          return answer;
        }),
      );
  }

  #postponed(owner: string, now: Instant): Question {
    const message = 'too many queries are in progress, in this namespace or overall';
    const answer = answerOf(now, { outcome: 'postponed', message });
    return {
      owner,
      askedAt: this.#clock.now(),
      target: Promise.resolve(undefined),
      answered: Promise.resolve(answer),
      answer,
    };
  }
}

/** The same tokens; each that a query gets to see is told. */
function learning(tokens: Tokens, learn: (token: string) => void): QueryPorts['tokens'] {
  return {
    find: key => {
      const found = tokens.find(key);
      if (found !== undefined) learn(found);
      return found;
    },
    keep: token => {
      learn(token.text);
      tokens.keep(token);
    },
    drop: key => tokens.drop(key),
  };
}

/** No limit, or none that makes sense: the general one holds. */
function milliseconds(seconds: number | undefined): number {
  return seconds === undefined || seconds <= 0 ? Number.POSITIVE_INFINITY : seconds * 1000;
}

function providerName({ provider }: MeasurementRequest): string {
  try {
    return providerNameOf(provider);
  } catch {
    return 'unknown';
  }
}
