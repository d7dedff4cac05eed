import type { Json } from '../schema/json.js';
import { isObject } from '../schema/json.js';
import { at, jsonOf, listAt, numberOf } from './answer.js';
import { awsCredentials, signed } from './awsSignature.js';
import { addressOf, type Fields } from './fields.js';
import {
  type Exchange,
  type HttpRequest,
  type HttpResponse,
  type Provider,
  type QueryContext,
  value,
} from './provider.js';
import { QueryError } from './queryError.js';

/**
 * `{interval, metricDataQueries, region, address, secretRef}`: GetMetricData over AWS JSON 1.0. The Secret has
 * AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, and optionally AWS_SESSION_TOKEN and AWS_REGION. Yields MetricDataResults
 * as AWS writes them: `[{Id, Label, StatusCode, Timestamps, Values}]`.
 */
export const cloudWatch: Provider = {
  name: 'cloudWatch',
  ask: async (spec, context): Promise<Exchange> => {
    const region = spec.optionalText('region') ?? context.secrets['AWS_REGION'];
    if (!region) throw new QueryError('spec', 'cloudWatch.region is missing and the Secret has no AWS_REGION');
    const scope = { ...awsCredentials(context.secrets), service: 'monitoring', region };
    return {
      request: await signed(requestOf(spec, region, context), scope, context.now),
      read: response => value(resultsOf(response)),
    };
  },
  secretName: spec => spec.optionalObject('secretRef')?.optionalText('name') ?? 'cloudwatch',
};

function requestOf(spec: Fields, region: string, { now }: QueryContext): HttpRequest {
  if (!/^[a-z0-9-]+$/.test(region)) throw new QueryError('spec', 'cloudWatch: the region is not an AWS region');
  const suffix = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  const address = spec.optionalText('address') ?? `https://monitoring.${region}.${suffix}`;
  const end = Math.floor(now / 1000);
  const body = {
    StartTime: end - Math.round(spec.optionalSeconds('interval') ?? 300),
    EndTime: end,
    MetricDataQueries: spec.objects('metricDataQueries').map(dataQuery),
  };
  return {
    method: 'POST',
    url: addressOf(address, 'cloudWatch.address', '/'),
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': 'GraniteServiceVersion20100801.GetMetricData',
    },
    body: JSON.stringify(body),
  };
}

/** Undefined fields are left out by JSON. */
function dataQuery(query: Fields): Json {
  const stat = query.optionalObject('metricStat');
  return {
    Id: query.text('id'),
    Expression: query.optionalText('expression'),
    Label: query.optionalText('label'),
    Period: query.optionalNumber('period'),
    ReturnData: query.has('returnData') ? query.flag('returnData') : undefined,
    MetricStat: stat && metricStat(stat),
  };
}

function metricStat(stat: Fields): Json {
  const metric = stat.optionalObject('metric');
  return {
    Metric: {
      Namespace: metric?.optionalText('namespace'),
      MetricName: metric?.text('metricName'),
      Dimensions: metric
        ?.objects('dimensions')
        .map(dimension => ({ Name: dimension.text('name'), Value: dimension.text('value') })),
    },
    Period: stat.optionalNumber('period'),
    Stat: stat.text('stat'),
    Unit: stat.optionalText('unit'),
  };
}

function resultsOf(response: HttpResponse): Json {
  return listAt(jsonOf(response), 'MetricDataResults').map(result => ({
    ...(isObject(result) ? result : {}),
    Values: at(result, 'Values') === undefined ? [] : listAt(result, 'Values').map(numberOf),
  }));
}
