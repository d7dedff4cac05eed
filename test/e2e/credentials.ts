import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dump } from 'js-yaml';
import type { Access } from './apiServer.js';

/** Files by which the parts of one control plane know each other. All of them end with it. */
export interface Credentials extends Access {
  /** Key of the certificate that the API server shows, which its clients trust. */
  readonly key: string;
  /** Static tokens: one administrator, whom everything here acts as. */
  readonly tokens: string;
  readonly kubeconfig: string;
  /** Of service account tokens, which nothing here uses, but which the API server does not start without. */
  readonly serviceAccountKey: string;
  readonly serviceAccountPublicKey: string;
}

/** Needs openssl on the PATH: Node makes keys, but no certificates. */
export function createCredentials(folder: string, apiServerPort: number): Credentials {
  const file = (name: string) => join(folder, name);
  const [certificate, key] = [file('apiserver.crt'), file('apiserver.key')];
  const names = 'subjectAltName=IP:127.0.0.1,DNS:localhost';
  const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=kube-apiserver'];
  execFileSync('openssl', [...request, '-addext', names, '-keyout', key, '-out', certificate], { stdio: 'pipe' });

  const token = randomBytes(24).toString('hex');
  writeFileSync(file('tokens.csv'), `${token},administrator,administrator,"system:masters"\n`, { mode: 0o600 });
  writeFileSync(file('kubeconfig'), kubeconfig(apiServerPort, certificate, token), { mode: 0o600 });

  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  writeFileSync(file('service-account.key'), privateKey, { mode: 0o600 });
  writeFileSync(file('service-account.pub'), publicKey);
  return {
    url: `https://127.0.0.1:${apiServerPort}`,
    certificate,
    token,
    key,
    tokens: file('tokens.csv'),
    kubeconfig: file('kubeconfig'),
    serviceAccountKey: file('service-account.key'),
    serviceAccountPublicKey: file('service-account.pub'),
  };
}

function kubeconfig(port: number, certificate: string, token: string): string {
  const name = 'e2e';
  return dump({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: { server: `https://127.0.0.1:${port}`, 'certificate-authority': certificate } }],
    users: [{ name, user: { token } }],
    contexts: [{ name, context: { cluster: name, user: name, namespace: 'default' } }],
    'current-context': name,
  });
}
