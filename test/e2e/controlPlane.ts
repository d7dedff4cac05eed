import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ApiServer, connect } from './apiServer.js';
import { type Credentials, createCredentials } from './credentials.js';
import { answersOk, freePorts, type Program, startProgram } from './program.js';
import type { Binaries } from './requirements.js';

/** etcd, API server and controller manager on the loopback interface: all of Kubernetes but scheduler and nodes. */
export interface ControlPlane {
  /** Of its administrator. */
  readonly kubeconfig: string;
  readonly api: ApiServer;
  /** For logs and other files; removed with the control plane. */
  readonly folder: string;
  stop(): Promise<void>;
}

export async function startControlPlane(binaries: Binaries): Promise<ControlPlane> {
  const folder = mkdtempSync(join(tmpdir(), 'stormservice-e2e-'));
  const programs: Program[] = [];
  const stop = async () => {
    for (const program of programs.reverse()) await program.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const [etcdPort = 0, peerPort = 0, apiPort = 0, managerPort = 0] = await freePorts(4);
    const credentials = createCredentials(folder, apiPort);
    const api = connect(credentials);
    // Not there yet is an error of its own, which `ready` takes for not yet.
    const finds = (path: string) => async () => (await api.send('GET', path)) !== undefined;
    const start = (name: string, path: string, args: readonly string[]) => {
      const program = startProgram(name, path, args, join(folder, `${name}.log`));
      programs.push(program);
      return program;
    };

    const etcd = start('etcd', binaries.etcd, etcdArgs(folder, etcdPort, peerPort));
    await etcd.ready(() => answersOk(`http://127.0.0.1:${etcdPort}/health`), 30);

    const apiServer = start(
      'kube-apiserver',
      binaries.apiServer,
      apiServerArgs(credentials, etcdPort, apiPort, folder),
    );
    await apiServer.ready(finds('/readyz'), 120);
    await apiServer.ready(finds('/api/v1/namespaces/default'), 60);

    const managerArgs = controllerManagerArgs(credentials, managerPort, folder);
    const manager = start('kube-controller-manager', binaries.controllerManager, managerArgs);
    // The first thing that any controller makes: they work.
    await manager.ready(finds('/api/v1/namespaces/default/serviceaccounts/default'), 120);
    return { kubeconfig: credentials.kubeconfig, api, folder, stop: () => api.close().then(stop) };
  } catch (error) {
    await stop();
    throw error;
  }
}

function etcdArgs(folder: string, port: number, peerPort: number): readonly string[] {
  const [client, peer] = [`http://127.0.0.1:${port}`, `http://127.0.0.1:${peerPort}`];
  return [
    `--data-dir=${join(folder, 'etcd')}`,
    '--unsafe-no-fsync',
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=default=${peer}`,
  ];
}

/** Pods need no service account: nothing runs in them. */
function apiServerArgs(credentials: Credentials, etcdPort: number, port: number, folder: string): readonly string[] {
  return [
    `--etcd-servers=http://127.0.0.1:${etcdPort}`,
    '--bind-address=127.0.0.1',
    '--advertise-address=127.0.0.1',
    `--secure-port=${port}`,
    '--endpoint-reconciler-type=none',
    `--cert-dir=${join(folder, 'apiserver')}`,
    `--tls-cert-file=${credentials.certificate}`,
    `--tls-private-key-file=${credentials.key}`,
    `--token-auth-file=${credentials.tokens}`,
    '--authorization-mode=RBAC',
    '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
    `--service-account-key-file=${credentials.serviceAccountPublicKey}`,
    `--service-account-signing-key-file=${credentials.serviceAccountKey}`,
    '--service-cluster-ip-range=10.0.0.0/24',
    '--disable-admission-plugins=ServiceAccount',
    '--allow-privileged=true',
  ];
}

function controllerManagerArgs(credentials: Credentials, port: number, folder: string): readonly string[] {
  return [
    `--kubeconfig=${credentials.kubeconfig}`,
    '--bind-address=127.0.0.1',
    `--secure-port=${port}`,
    `--cert-dir=${join(folder, 'controller-manager')}`,
    '--leader-elect=false',
    '--use-service-account-credentials=false',
    `--service-account-private-key-file=${credentials.serviceAccountKey}`,
    `--root-ca-file=${credentials.certificate}`,
  ];
}
