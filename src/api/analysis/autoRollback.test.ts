import { type Row, testRefused } from '../../../test/api/refused.js';
import { type Raw, withStrategy } from '../../../test/api/specs.js';

const ROLLBACK = 'spec.rolloutStrategy.autoRollback';

function rollback(patch: Raw): Raw {
  return withStrategy({ canary: {}, autoRollback: patch });
}

const rows: readonly Row[] = [
  ['a timeout that is none', rollback({ onTimeout: 'never' }), `${ROLLBACK}.onTimeout`, '"never"', 'duration'],
  [
    'a threshold that is none',
    rollback({ onFailure: { errorThreshold: 'half' } }),
    `${ROLLBACK}.onFailure.errorThreshold`,
    '"half"',
    '25%',
  ],
  [
    'a check that asks nothing',
    rollback({ healthChecks: [{ name: 'a' }] }),
    `${ROLLBACK}.healthChecks[0]`,
    'no provider is set',
    'http',
  ],
  [
    'a check of two kinds',
    rollback({ healthChecks: [{ name: 'a', http: { url: 'http://a' }, web: { url: 'http://a' } }] }),
    `${ROLLBACK}.healthChecks[0]`,
    'http and web',
    'exactly one',
  ],
  [
    'an interval of nothing',
    rollback({ healthChecks: [{ name: 'a', interval: '0s', http: { url: 'http://a' } }] }),
    `${ROLLBACK}.healthChecks[0].interval`,
    'must not be 0',
    '1s',
  ],
  [
    'a URL that is none',
    rollback({ healthChecks: [{ name: 'a', http: { url: 'ftp://a' } }] }),
    `${ROLLBACK}.healthChecks[0].http.url`,
    'ftp',
    'complete URL',
  ],
  [
    'two checks of one name',
    rollback({
      healthChecks: [
        { name: 'a', http: { url: 'http://a' } },
        { name: 'a', http: { url: 'http://b' } },
      ],
    }),
    `${ROLLBACK}.healthChecks[1].name`,
    'another check',
    'unique name',
  ],
];

testRefused('autoRollback', rows);
