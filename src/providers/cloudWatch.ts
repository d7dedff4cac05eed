/** Amazon CloudWatch: GetMetricData over AWS JSON 1.0. */
import { type Static, Type } from 'typebox';
import { isObject, type Json } from '../schema/json.js';
import { inLanguage } from '../schema/language.js';
import { flag, intOrString, list, nameText, shape, text } from '../schema/schema.js';
import { addressField, addressOf } from './address.js';
import { at, jsonOf, listAt, numberOf } from './answer.js';
import { awsCredentials, signed } from './awsSignature.js';
import { type HttpRequest, type HttpResponse, value } from './exchange.js';
import { intervalField, intervalSeconds } from './interval.js';
import { defineProvider, type QueryContext } from './provider.js';
import { QueryError } from './queryError.js';
import { SECRET_REF_NAME, secretRefField } from './secretRef.js';

const DimensionSchema = shape(
  {
    name: inLanguage('data', nameText({ description: 'Name.' })),
    value: inLanguage('data', text({ description: 'Value.' })),
  },
  { description: 'One dimension.' },
);

const MetricStatSchema = shape(
  {
    metric: shape(
      {
        namespace: Type.Optional(
          inLanguage('data', nameText({ description: 'Namespace of the metric in CloudWatch.' })),
        ),
        metricName: inLanguage('data', nameText({ description: 'Name of the metric.' })),
        dimensions: Type.Optional(list(DimensionSchema, { maxItems: 30, description: 'Dimensions.' })),
      },
      { description: 'The metric.' },
    ),
    period: inLanguage('scalar', intOrString({ description: 'Length of a period, in seconds.' })),
    stat: inLanguage('data', nameText({ description: 'Statistic, for example Average.' })),
    unit: Type.Optional(inLanguage('data', nameText({ description: 'Unit.' }))),
  },
  { description: 'A metric and its statistic.' },
);

const MetricDataQuerySchema = shape(
  {
    id: inLanguage('data', nameText({ description: 'Name of this query within the request.' })),
    expression: Type.Optional(inLanguage('cloudWatch', text({ description: 'Expression over the ids.' }))),
    label: Type.Optional(inLanguage('data', text({ description: 'Label.' }))),
    metricStat: Type.Optional(MetricStatSchema),
    period: Type.Optional(inLanguage('scalar', intOrString({ description: 'Length of a period, in seconds.' }))),
    returnData: Type.Optional(flag({ description: 'Whether this query is the result.' })),
  },
  { description: 'One query.' },
);

const schema = shape(
  {
    interval: intervalField,
    region: Type.Optional(
      inLanguage('data', nameText({ description: 'AWS region. Default: the region in the Secret.' })),
    ),
    address: Type.Optional(addressField),
    secretRef: Type.Optional(secretRefField('Secret with the keys of an AWS account. Default cloudwatch.')),
    metricDataQueries: list(MetricDataQuerySchema, { minItems: 1, maxItems: 50, description: 'Queries.' }),
  },
  { description: 'Amazon CloudWatch.' },
);

type Spec = Static<typeof schema>;
type DataQuery = Static<typeof MetricDataQuerySchema>;

export const cloudWatch = defineProvider({
  name: 'cloudWatch',
  schema,
  yields: 'MetricDataResults as AWS returns them: `[{Id, Label, StatusCode, Timestamps, Values}]`',
  secret: {
    field: SECRET_REF_NAME,
    default: 'cloudwatch',
    keys: '`AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, optionally `AWS_SESSION_TOKEN` and `AWS_REGION`',
  },
  ask: async (spec, context) => {
    const region = spec.region ?? context.secrets['AWS_REGION'];
    if (!region) throw new QueryError('spec', 'cloudWatch.region is required: the Secret has no AWS_REGION');
    const scope = { ...awsCredentials(context.secrets), service: 'monitoring', region };
    return {
      request: await signed(requestOf(spec, region, context), scope, context.now),
      read: response => value(resultsOf(response)),
    };
  },
});

function requestOf(spec: Spec, region: string, { now }: QueryContext): HttpRequest {
  if (!/^[a-z0-9-]+$/.test(region)) throw new QueryError('spec', 'cloudWatch: the region is not an AWS region');
  const suffix = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  const address = spec.address ?? `https://monitoring.${region}.${suffix}`;
  const end = Math.floor(now / 1000);
  const body = {
    StartTime: end - Math.round(intervalSeconds(spec.interval, 'cloudWatch.interval')),
    EndTime: end,
    MetricDataQueries: spec.metricDataQueries.map(dataQuery),
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
function dataQuery({ id, expression, label, period, returnData, metricStat }: DataQuery): Json {
  return {
    Id: id,
    Expression: expression,
    Label: label,
    Period: periodSeconds(period),
    ReturnData: returnData,
    MetricStat: metricStat && statOf(metricStat),
  };
}

function statOf({ metric, period, stat, unit }: NonNullable<DataQuery['metricStat']>): Json {
  return {
    Metric: {
      Namespace: metric.namespace,
      MetricName: metric.metricName,
      Dimensions: metric.dimensions?.map(({ name, value }) => ({ Name: name, Value: value })) ?? [],
    },
    Period: periodSeconds(period),
    Stat: stat,
    Unit: unit,
  };
}

function periodSeconds(period: number | string | undefined): number | undefined {
  if (period === undefined || period === '') return undefined;
  const seconds = Number(period);
  if (!Number.isFinite(seconds)) throw new QueryError('spec', 'cloudWatch: a period is not a number of seconds');
  return seconds;
}

function resultsOf(response: HttpResponse): Json {
  return listAt(jsonOf(response), 'MetricDataResults').map(result => ({
    ...(isObject(result) ? result : {}),
    Values: at(result, 'Values') === undefined ? [] : listAt(result, 'Values').map(numberOf),
  }));
}
