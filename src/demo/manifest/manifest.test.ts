import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BadFile, readManifest } from './manifest.js';

const folder = mkdtempSync(join(tmpdir(), 'manifest-'));

function file(text: string): string {
  const path = join(folder, 'my.yaml');
  writeFileSync(path, text);
  return path;
}

const good = `
apiVersion: orchestration.aibrix.io/v1alpha1
kind: StormService
metadata: {name: app}
spec:
  template:
    metadata: {labels: {app: app}}
    spec: {containers: [{name: app, image: "app:1"}]}
`;

describe('readManifest', () => {
  it('gives the StormService a namespace, and finds it beside other objects', () => {
    const path = file(`kind: Secret\napiVersion: v1\nmetadata: {name: a}\n---${good}`);
    expect(readManifest(path, 'mine.yaml')).toMatchObject({
      file: 'mine.yaml',
      object: { metadata: { name: 'app', namespace: 'default' } },
    });
  });

  it.each([
    ['no YAML', 'a: [', 'mine.yaml: is not YAML'],
    ['nothing', '', 'mine.yaml: has no StormService; write one object of kind StormService'],
    ['another kind', 'kind: Pod', 'has no StormService'],
    ['two', `${good}---${good}`, 'has 2 StormServices'],
    [
      'a wrong field',
      good.replace('  template:', '  replica: 3\n  template:'),
      'spec.replica: there is no field replica',
    ],
    ['no name', good.replace('name: app}\nspec', 'nam: app}\nspec'), 'metadata.name'],
  ])('refuses %s and says why', (_, text, message) => {
    const read = () => readManifest(file(text), 'mine.yaml');
    expect(read).toThrow(BadFile);
    expect(read).toThrow(message);
  });

  it('refuses a file that is not there', () => {
    expect(() => readManifest(join(folder, 'none.yaml'), 'none.yaml')).toThrow('none.yaml: cannot be read: ENOENT');
  });
});
