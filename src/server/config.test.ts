import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readConfig } from './config.js';

const tlsFile = (name: string) => fileURLToPath(new URL(`../../test/fixtures/tls/${name}`, import.meta.url));

describe('readConfig', () => {
  it('has a default for everything', () => {
    expect(readConfig({})).toEqual({
      host: '0.0.0.0',
      port: 8080,
      logLevel: 'info',
      applyStrategy: 'dynamic-apply',
      tokens: { from: 'none' },
      fileReloadInterval: 10_000,
      limits: { body: 8 * 1024 * 1024, request: 10_000, headers: 5000, socket: 30_000, keepAlive: 100_000 },
      shutdown: { delay: 0, grace: 20_000 },
      metrics: { ttl: 900_000, maxStormServices: 5000 },
      analysis: { wait: 1000, timeout: 30_000 },
    });
  });

  it('keeps idle connections longer than the 90 s of a Go client', () => {
    expect(readConfig({}).limits.keepAlive).toBeGreaterThan(90_000);
  });

  it('treats an empty variable as unset and ignores unknown ones', () => {
    expect(readConfig({ PORT: '', HOOK_TOKEN: '', TLS_CERT_FILE: '', HOME: '/', PORTS: 'x' })).toEqual(readConfig({}));
  });

  it('reads units', () => {
    const config = readConfig({
      REQUEST_TIMEOUT: '250ms',
      METRICS_TTL: '2h',
      SHUTDOWN_GRACE: '1m',
      BODY_LIMIT: '512Ki',
    });
    expect(config.limits).toMatchObject({ request: 250, body: 524_288 });
    expect(config.metrics.ttl).toBe(7_200_000);
    expect(config.shutdown.grace).toBe(60_000);
    expect(readConfig({ BODY_LIMIT: '1000' }).limits.body).toBe(1000);
  });

  it('reads the targets that metrics may reach', () => {
    const { allow } = readConfig({ ANALYSIS_ALLOW: 'prometheus.monitoring:9090, 10.0.0.0/8' }).analysis;
    expect(allow?.name('prometheus.monitoring', 9090)).toBe('exact');
    expect(allow?.address('10.1.2.3', 80)).toBe(true);
    expect(allow?.address('127.0.0.1', 80)).toBe(false);
    expect(() => readConfig({ ANALYSIS_ALLOW: 'http://prometheus' })).toThrow(
      'ANALYSIS_ALLOW: "http://prometheus" is not',
    );
  });

  it('reads where the other replicas are', () => {
    expect(readConfig({ PEERS: 'hook-peers' }).peers).toEqual([{ host: 'hook-peers' }]);
    expect(readConfig({ PEERS: '' }).peers).toBeUndefined();
    expect(() => readConfig({ PEERS: 'https://hook-peers' })).toThrow('PEERS: "https://hook-peers" is not a host');
  });

  it('names every problem in one error', () => {
    const read = () =>
      readConfig({
        PORT: '80x',
        LOG_LEVEL: 'loud',
        REQUEST_TIMEOUT: '10',
        BODY_LIMIT: '1G',
        APPLY_STRATEGY: 'kubectl',
        HOOK_TOKEN_FILE: '/nowhere/token',
        TLS_KEY_FILE: 'key',
      });
    expect(read).toThrow(expect.objectContaining({ code: 'SR1001', kind: 'terminal' }));
    expect(read).toThrow('PORT is "80x", not a port from 0 to 65535');
    expect(read).toThrow('LOG_LEVEL is "loud", not one of trace, debug, info, warn, error, fatal, silent');
    expect(read).toThrow('REQUEST_TIMEOUT is "10", not a duration such as 500ms, 30s or 5m');
    expect(read).toThrow('BODY_LIMIT is "1G", not a number of bytes such as 1048576, 512Ki or 8Mi');
    expect(read).toThrow('HOOK_TOKEN_FILE: ENOENT');
    expect(read).toThrow('TLS_KEY_FILE is set without TLS_CERT_FILE');
    expect(read).toThrow('APPLY_STRATEGY is "kubectl", not one of dynamic-apply, server-side-apply');
  });

  it.each([
    [{ PORT: '65536' }, 'PORT is "65536"'],
    [{ METRICS_MAX_STORMSERVICES: '-1' }, 'METRICS_MAX_STORMSERVICES is "-1", not must be'],
    [{ HOOK_TOKEN: 'a', HOOK_TOKEN_FILE: 'b' }, 'HOOK_TOKEN and HOOK_TOKEN_FILE are both set'],
    [{ HOOK_TOKEN: ' , ' }, 'HOOK_TOKEN: it contains no token'],
    [{ HOOK_TOKEN_FILE: '/nowhere/token' }, 'HOOK_TOKEN_FILE: ENOENT'],
    [{ TLS_CERT_FILE: 'a' }, 'TLS_CERT_FILE is set without TLS_KEY_FILE'],
    [{ TLS_KEY_FILE: 'a' }, 'TLS_KEY_FILE is set without TLS_CERT_FILE'],
    [{ TLS_CERT_FILE: tlsFile('first.crt'), TLS_KEY_FILE: '/nowhere/key' }, 'TLS_CERT_FILE and TLS_KEY_FILE: ENOENT'],
    [{ TLS_CERT_FILE: tlsFile('first.crt'), TLS_KEY_FILE: tlsFile('second.key') }, 'does not match the certificate'],
  ])('refuses %o', (env, words) => {
    expect(() => readConfig(env)).toThrow(words);
  });

  it('never shows a token', () => {
    const folder = mkdtempSync(join(tmpdir(), 'config-'));
    const file = join(folder, 'token');
    writeFileSync(file, 'canary token');
    expect(() => readConfig({ HOOK_TOKEN: 'canary token' })).toThrow(expect.not.stringContaining('canary'));
    expect(() => readConfig({ HOOK_TOKEN_FILE: file })).toThrow(/^(?!.*canary).*a blank/);
  });

  it('accepts a certificate with its key', () => {
    const tls = { cert: tlsFile('first.crt'), key: tlsFile('first.key') };
    expect(readConfig({ TLS_CERT_FILE: tls.cert, TLS_KEY_FILE: tls.key }).tls).toEqual(tls);
  });
});
