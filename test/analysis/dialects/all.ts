/** Every metrics system that analysis can ask. */
import type { Dialect } from '../dialect.js';
import { cloudWatch } from './cloudWatch.js';
import { datadogV1, datadogV2 } from './datadog.js';
import { dynatrace } from './dynatrace.js';
import { graphite } from './graphite.js';
import { http } from './http.js';
import { influxdb } from './influxdb.js';
import { kayenta } from './kayenta.js';
import { newRelic } from './newRelic.js';
import { prometheus } from './prometheus.js';
import { skywalking } from './skywalking.js';
import { wavefront } from './wavefront.js';
import { web } from './web.js';
import { webhook } from './webhook.js';

export const dialects: readonly (readonly [string, Dialect])[] = [
  ['prometheus', prometheus],
  ['web', web],
  ['http', http],
  ['webhook', webhook],
  ['datadog v1', datadogV1],
  ['datadog v2', datadogV2],
  ['newRelic', newRelic],
  ['cloudWatch', cloudWatch],
  ['graphite', graphite],
  ['influxdb', influxdb],
  ['wavefront', wavefront],
  ['skywalking', skywalking],
  ['kayenta', kayenta],
  ['dynatrace', dynatrace],
];
