import { EventEmitter, once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { http, syncAnswer } from '../../test/testServer.js';
import type { Hook } from '../metacontroller/hook.js';
import { createLogger } from './log.js';
import { type Surroundings, start } from './start.js';

function fakeSurroundings(env: Readonly<Record<string, string>>) {
  const events = new EventEmitter();
  const lines: Record<string, unknown>[] = [];
  const surroundings: Surroundings = {
    env,
    once: (signal, listener) => events.once(signal, listener),
    exit: code => void events.emit('exit', code),
    log: level => createLogger(level, { write: line => void lines.push(JSON.parse(line)) }),
  };
  return { events, lines, surroundings, exited: once(events, 'exit') };
}

const hook: Hook = {
  sync: async () => syncAnswer,
  customize: async () => ({ relatedResources: [] }),
  decorate: async () => ({ annotations: {}, attachments: [] }),
  customizePod: async () => ({ relatedResources: [] }),
  decoratePod: async () => ({ annotations: {}, attachments: [] }),
};

const service = () => ({ hook, close: async () => undefined });

describe('start', () => {
  it.each(['SIGTERM', 'SIGINT'])('serves until %s and then exits with 0', async signal => {
    const { events, lines, surroundings, exited } = fakeSurroundings({ PORT: '0', HOST: '127.0.0.1' });
    await start(service, surroundings);
    const [url = ''] = /http:\S+/.exec(String(lines[0]?.['msg'])) ?? [];
    const metrics = await http({ url }).get('/metrics');
    expect(metrics.text).toContain('stormservice_rollouts_build_info{version="');
    expect(metrics.text).toContain('process_resident_memory_bytes');

    events.emit(signal);
    expect(await exited).toEqual([0]);
    expect(lines.map(({ msg }) => msg)).toEqual([
      expect.stringContaining('listening at'),
      'shutting down',
      'shut down',
    ]);
  });

  it('exits with 1 and one line that names every problem', async () => {
    const { lines, surroundings, exited } = fakeSurroundings({ PORT: 'x', LOG_LEVEL: 'y' });
    await start(service, surroundings);
    expect(await exited).toEqual([1]);
    expect(lines).toEqual([expect.objectContaining({ level: 'fatal', code: 'SR1001' })]);
    expect(lines[0]?.['msg']).toMatch(/PORT.*LOG_LEVEL/);
  });

  it('passes the configuration to the hook', async () => {
    const { events, surroundings, exited } = fakeSurroundings({ PORT: '0', APPLY_STRATEGY: 'server-side-apply' });
    const strategies: string[] = [];
    await start(({ applyStrategy }) => {
      strategies.push(applyStrategy);
      return service();
    }, surroundings);
    expect(strategies).toEqual(['server-side-apply']);
    events.emit('SIGTERM');
    await exited;
  });
});
