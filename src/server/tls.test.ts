import { copyFileSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { type TestServer, testServer } from '../../test/testServer.js';

let server: TestServer;
afterEach(() => server.shutdown());

function copyPair(folder: string, certificate: string, key: string) {
  const source = (name: string) => fileURLToPath(new URL(`../../test/fixtures/tls/${name}`, import.meta.url));
  copyFileSync(source(`${certificate}.crt`), join(folder, 'tls.crt'));
  copyFileSync(source(`${key}.key`), join(folder, 'tls.key'));
}

/** Common name of the certificate that a new connection gets. */
function shownName(url: string): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port: Number(new URL(url).port), host: '127.0.0.1', rejectUnauthorized: false }, () => {
      const { subject } = socket.getPeerCertificate();
      socket.destroy();
      resolve([subject.CN].flat()[0]);
    });
    socket.on('error', reject);
  });
}

it('serves HTTPS and uses a renewed certificate without a restart', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tls-'));
  copyPair(folder, 'first', 'first');
  server = testServer({ env: { TLS_CERT_FILE: join(folder, 'tls.crt'), TLS_KEY_FILE: join(folder, 'tls.key') } });
  const url = await server.listen();
  expect(url).toMatch(/^https:/);
  expect(await shownName(url)).toBe('first.test');

  // Between the two writes of a renewal nothing changes.
  copyPair(folder, 'second', 'first');
  server.refreshFiles();
  expect(await shownName(url)).toBe('first.test');
  expect(server.lines().at(-1)).toMatchObject({ level: 'error', code: 'SR1002' });

  copyPair(folder, 'second', 'second');
  server.refreshFiles();
  expect(await shownName(url)).toBe('second.test');
  expect(server.lines().at(-1)).toMatchObject({ level: 'info', msg: expect.stringContaining('changed') });
});
