import type { HttpRequest } from '../providers/provider.js';
import { QueryError } from '../providers/queryError.js';
import { trustKey } from './agents.js';
import type { FetchObserver } from './observer.js';
import type { FetchSettings } from './settings.js';
import { Target } from './target.js';

/** Targets whose past is remembered. */
const MAX_TARGETS = 1000;

/** All targets, by origin and by whom their certificates are trusted: one author's wrong CA is nobody else's failure. */
export class Targets {
  readonly #settings: FetchSettings;
  readonly #observer: FetchObserver;
  readonly #clock: () => number;
  readonly #targets = new Map<string, Target>();

  constructor(settings: FetchSettings, observer: FetchObserver, clock: () => number) {
    this.#settings = settings;
    this.#observer = observer;
    this.#clock = clock;
  }

  of(request: Pick<HttpRequest, 'url' | 'tls'>): Target {
    if (!URL.canParse(request.url)) throw new QueryError('spec', 'the address is not a URL');
    const url = new URL(request.url);
    const key = `${url.origin} ${trustKey(request.tls)}`;
    const target = this.#targets.get(key) ?? this.#create(url);
    // Last used goes last.
    this.#targets.delete(key);
    this.#targets.set(key, target);
    this.#forget();
    return target;
  }

  #create(url: URL): Target {
    return new Target({
      url,
      settings: this.#settings,
      clock: this.#clock,
      breakerChanged: state => this.#observer.breakerChanged(url.origin, state),
    });
  }

  #forget(): void {
    if (this.#targets.size <= MAX_TARGETS) return;
    for (const [key, target] of this.#targets) {
      if (!target.idle) continue;
      this.#targets.delete(key);
      if (target.breakerState !== 'closed') this.#observer.breakerChanged(key.split(' ')[0] ?? key, 'closed');
      return;
    }
  }
}
