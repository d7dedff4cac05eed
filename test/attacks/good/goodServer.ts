import { json, type Received, type Reply } from '../../analysis/dialect.js';
import { type FakeServer, startServer } from '../../analysis/fakeServer.js';

/** What the metrics of a good StormService yield: a value of its own, so that nobody gets another's. */
export function measuredValue(index: number): number {
  return 0.9 + index / 1000;
}

/**
 * A metrics system that always answers at once: Prometheus' API, a JSON document and a health endpoint. What attackers
 * ask it under /broken gets errors, from the same origin.
 */
export function startGoodServer(): Promise<FakeServer> {
  return startServer(answer);
}

function answer(request: Received): Reply {
  if (request.path.startsWith('/broken/')) return { status: Number(request.path.slice('/broken/'.length)), body: 'no' };
  switch (request.path) {
    case '/api/v1/query':
      return vector(Number(new URLSearchParams(request.body).get('query')));
    case '/rates':
      return json({
        rates: [
          { name: 'errors', value: 0 },
          { name: 'success', value: measuredValue(Number(request.query.get('of'))) },
        ],
      });
    case '/healthz':
      return json('ok');
    default:
      return json('no such path', 404);
  }
}

function vector(index: number): Reply {
  const result = [{ metric: {}, value: [0, String(measuredValue(index))] }];
  return json({ status: 'success', data: { resultType: 'vector', result } });
}
