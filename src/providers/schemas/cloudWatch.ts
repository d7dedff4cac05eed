import { Type } from 'typebox';
import { flag, intOrString, list, nameText, shape, text } from '../../schema/schema.js';
import { addressField, secretRefField } from './http.js';

const DimensionSchema = shape(
  { name: nameText({ description: 'Name.' }), value: text({ description: 'Value.' }) },
  { description: 'One dimension.' },
);

const MetricStatSchema = shape(
  {
    metric: shape(
      {
        namespace: Type.Optional(nameText({ description: 'Namespace of the metric in CloudWatch.' })),
        metricName: nameText({ description: 'Name of the metric.' }),
        dimensions: Type.Optional(list(DimensionSchema, { maxItems: 30, description: 'Dimensions.' })),
      },
      { description: 'The metric.' },
    ),
    period: intOrString({ description: 'Seconds of one period.' }),
    stat: nameText({ description: 'Statistic, for example Average.' }),
    unit: Type.Optional(nameText({ description: 'Unit.' })),
  },
  { description: 'A metric and its statistic.' },
);

const MetricDataQuerySchema = shape(
  {
    id: nameText({ description: 'Name of this query within the request.' }),
    expression: Type.Optional(text({ description: 'Expression over the ids.' })),
    label: Type.Optional(text({ description: 'Label.' })),
    metricStat: Type.Optional(MetricStatSchema),
    period: Type.Optional(intOrString({ description: 'Seconds of one period.' })),
    returnData: Type.Optional(flag({ description: 'True: this is the result.' })),
  },
  { description: 'One query.' },
);

export const CloudWatchSchema = shape(
  {
    interval: Type.Optional(intOrString({ description: 'Time window. Default 5m.' })),
    region: Type.Optional(nameText({ description: 'AWS region. Default: that of the Secret.' })),
    address: Type.Optional(addressField),
    secretRef: Type.Optional(secretRefField('Secret with the keys of an AWS account. Default cloudwatch.')),
    metricDataQueries: list(MetricDataQuerySchema, { minItems: 1, maxItems: 50, description: 'Queries.' }),
  },
  { description: 'Amazon CloudWatch.' },
);
