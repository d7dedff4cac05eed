import { describe, expect, it } from 'vitest';
import { explore } from './explore.js';
import { models, settledState } from './models.js';

/** How many events there are at the most: MODEL_EVENTS=3 takes about ten minutes, 4 hours. */
const EVENTS = Number(process.env['MODEL_EVENTS'] ?? 2);
const TEN_HOURS = 10 * 3600 * 1000;

/** The tests of these models: in several files, so that they run side by side. */
export function exploreAll(titles: readonly string[]): void {
  const chosen = models(EVENTS).filter(({ title }) => titles.includes(title));
  describe(`every state with up to ${EVENTS} events`, () => {
    it.each(chosen)(
      '$title: the promises hold, and all comes to rest where it should',
      model => {
        const { states, rests, steps, violations } = explore(model, settledState(model));
        process.stdout.write(`${model.title}: ${states} states, ${steps} steps, ${rests} places of rest\n`);
        expect(violations).toEqual([]);
        expect(states).toBeGreaterThan(1000);
      },
      TEN_HOURS,
    );
  });
}
