import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** What a control plane of its own is made of, by the conventions of envtest. */
export interface Binaries {
  readonly etcd: string;
  readonly apiServer: string;
  readonly controllerManager: string;
  readonly metacontroller: string;
}

/** Undefined when a variable is not set: then there is nothing to run on. @throws Error when a binary is missing. */
export function findBinaries(env: NodeJS.ProcessEnv = process.env): Binaries | undefined {
  const { KUBEBUILDER_ASSETS: assets, METACONTROLLER_BIN: metacontroller } = env;
  if (!assets || !metacontroller) return undefined;
  const binaries = {
    etcd: join(assets, 'etcd'),
    apiServer: join(assets, 'kube-apiserver'),
    controllerManager: join(assets, 'kube-controller-manager'),
    metacontroller,
  };
  const missing = Object.values(binaries).filter(path => !existsSync(path));
  if (missing.length > 0) throw new Error(`there is no ${missing.join(', no ')}`);
  return binaries;
}

/** Says once, before any test, why all of them are skipped. */
export default function tellWhatIsMissing(): void {
  if (findBinaries()) return;
  process.stdout.write(
    'Skipped: set KUBEBUILDER_ASSETS to a folder with etcd, kube-apiserver and kube-controller-manager,\n' +
      'and METACONTROLLER_BIN to Metacontroller, to run these tests on a real control plane.\n',
  );
}
