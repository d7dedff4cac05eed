import type { HttpRequest } from '../providers/exchange.js';
import { QueryError } from '../providers/queryError.js';
import { hostOf } from './addressGuard.js';
import { trustKey } from './agents.js';
import type { MonotonicClock } from './clock.js';
import type { FetchSettings } from './settings.js';
import { Target } from './target.js';

/** Targets whose past is remembered. */
const MAX_TARGETS = 1000;

/**
 * All targets, by owner, by origin and by whom their certificates are trusted: what one owner does at a server is
 * nothing to another. Endpoint checks are apart from queries: that a server is asked too much is no answer to them.
 */
export class Targets {
  readonly #settings: FetchSettings;
  readonly #clock: MonotonicClock;
  /** Least recently used first. No LRU cache of a library: those cannot pass over what is in use. */
  readonly #targets = new Map<string, Target>();

  constructor(settings: FetchSettings, clock: MonotonicClock) {
    this.#settings = settings;
    this.#clock = clock;
  }

  of(owner: string, request: Pick<HttpRequest, 'url' | 'tls' | 'wants'>): Target {
    if (!URL.canParse(request.url)) throw new QueryError('spec', 'the address is not a URL');
    const url = new URL(request.url);
    const key = [owner, url.origin, trustKey(request.tls), request.wants ?? ''].join(' ');
    const known = this.#targets.get(key) ?? this.#create(url);
    this.#targets.delete(key);
    this.#targets.set(key, known);
    this.#forget();
    return known;
  }

  #create(url: URL): Target {
    return new Target({ host: hostOf(url), settings: this.#settings, clock: this.#clock });
  }

  #forget(): void {
    if (this.#targets.size <= MAX_TARGETS) return;
    for (const [key, target] of this.#targets) {
      if (!target.idle) continue;
      this.#targets.delete(key);
      return;
    }
  }
}
