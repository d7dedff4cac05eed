import { expect, it } from 'vitest';
import { readStatus } from './status.js';

it.each(['AnalysisFailed', 'OfALaterRelease', 'toString'])(
  'an abort keeps the reason that was recorded: %s',
  reason => {
    const abort = { reason, message: 'errors 7 %', at: '2026-01-01T00:00:00Z' };
    expect(readStatus({ rolloutStatus: { abort } }).abort).toEqual(abort);
  },
);
