import type { HttpRequest } from '../providers/exchange.js';
import { QueryError } from '../providers/queryError.js';
import { trustKey } from './agents.js';
import type { BreakerRules } from './breaker.js';
import type { MonotonicClock } from './clock.js';
import type { FetchObserver } from './observer.js';
import { textRedactor } from './redact.js';
import type { FetchSettings } from './settings.js';
import { Target } from './target.js';

/** Targets whose past is remembered. */
const MAX_TARGETS = 1000;

/** An endpoint check asks whether the endpoint answers: it is sent, whatever came of the checks before. */
const NEVER_OPEN: BreakerRules = { failures: Number.POSITIVE_INFINITY, openMs: 0 };

interface Known {
  readonly target: Target;
  /** Its name in metrics. */
  readonly label: string;
}

/**
 * All targets, by origin and by whom their certificates are trusted: one author's wrong CA is nobody else's failure.
 * Endpoint checks are apart from queries: that a server is asked too much, or answers queries badly, is no answer to
 * them.
 */
export class Targets {
  readonly #settings: FetchSettings;
  readonly #observer: FetchObserver;
  readonly #clock: MonotonicClock;
  /** Least recently used first. No LRU cache of a library: those cannot pass over what is in use. */
  readonly #targets = new Map<string, Known>();

  constructor(settings: FetchSettings, observer: FetchObserver, clock: MonotonicClock) {
    this.#settings = settings;
    this.#observer = observer;
    this.#clock = clock;
  }

  /** `secrets` of whoever asks: a host's name may hold one, and metrics may not. */
  of(request: Pick<HttpRequest, 'url' | 'tls' | 'wants'>, secrets: Readonly<Record<string, string>> = {}): Target {
    if (!URL.canParse(request.url)) throw new QueryError('spec', 'the address is not a URL');
    const url = new URL(request.url);
    const key = `${url.origin} ${trustKey(request.tls)} ${request.wants ?? ''}`;
    const known = this.#targets.get(key) ?? this.#create(url, request.wants, secrets);
    this.#targets.delete(key);
    this.#targets.set(key, known);
    this.#forget();
    return known.target;
  }

  #create(url: URL, wants: HttpRequest['wants'], secrets: Readonly<Record<string, string>>): Known {
    const label = textRedactor(secrets)(url.origin);
    const target = new Target({
      url,
      settings: wants === 'status' ? { ...this.#settings, breaker: NEVER_OPEN } : this.#settings,
      clock: this.#clock,
      breakerChanged: state => this.#observer.breakerChanged(label, state),
    });
    return { target, label };
  }

  #forget(): void {
    if (this.#targets.size <= MAX_TARGETS) return;
    for (const [key, { target, label }] of this.#targets) {
      if (!target.idle) continue;
      this.#targets.delete(key);
      if (target.breakerState !== 'closed') this.#observer.breakerChanged(label, 'closed');
      return;
    }
  }
}
