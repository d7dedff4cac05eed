import { expect, test } from 'vitest';
import { filled } from '../../../../test/analysis/filled.js';
import { LANGUAGES } from '../../../schema/language.js';

const PARTS = ['"', '\\', '/', "'", '{', '`', '"\\', '/*', '"""', '$', '//', '-', '{{', 'a', ' ', '#', '%', '.'];

test.each(LANGUAGES)('%s: long texts with many arguments are filled soon', language => {
  const texts = PARTS.flatMap(part => [
    part.repeat(50_000),
    `${part}{{args.x}}`.repeat(2000),
    `{{args.x}}${part.repeat(50_000)}{{args.x}}`,
  ]);
  // Processor time: what else runs on the machine does not count.
  const before = process.cpuUsage();
  for (const text of texts) filled(language, text, { x: 'a' });
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1000).toBeLessThan(10_000);
});
