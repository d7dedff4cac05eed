import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BadFile, edited, readManifest } from './manifest.js';

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
    const { object, objects, ...rest } = readManifest(path, 'mine.yaml');
    expect(rest).toEqual({ file: 'mine.yaml', edits: [] });
    expect(object).toMatchObject({ metadata: { name: 'app', namespace: 'default' } });
    expect(objects).toEqual([
      { kind: 'Secret', apiVersion: 'v1', metadata: { name: 'a', namespace: 'default' } },
      object,
    ]);
  });

  it('leaves cluster-scoped objects and written namespaces as they are; takes Lists apart, and nothing for nothing', () => {
    const path = file(`---
apiVersion: v1
kind: List
items:
  - {apiVersion: v1, kind: Namespace, metadata: {name: team}}
  - {apiVersion: v1, kind: ConfigMap, metadata: {name: c, namespace: team}}
  - {apiVersion: example.org/v1, kind: ClusterThing, metadata: {name: t}}
  - {apiVersion: example.org/v1, kind: Thing, metadata: {name: t}}
---${good}`);
    const places = readManifest(path).objects.map(({ kind, metadata }) => [kind, metadata.namespace]);
    expect(places).toEqual([
      ['Namespace', undefined],
      ['ConfigMap', 'team'],
      ['ClusterThing', undefined],
      ['Thing', 'default'],
      ['StormService', 'default'],
    ]);
  });

  it('edits every object of the file, as sed would', () => {
    const job = `apiVersion: batch/v1\nkind: Job\nmetadata: {name: a}\nspec: {image: "app:1"}\n---`;
    const { object, objects } = edited(readManifest(file(job + good)), { field: 'image', from: 'app:1', to: 'app:2' });
    expect(JSON.stringify(objects)).not.toContain('app:1');
    expect(objects[1]).toBe(object);
  });

  it.each([
    ['no YAML', 'a: [', 'mine.yaml: is not YAML'],
    ['nothing', '', 'mine.yaml: contains no StormService; it must contain exactly one object of kind StormService'],
    ['another kind', 'kind: Pod', 'contains no StormService'],
    ['two', `${good}---${good}`, 'contains 2 StormServices'],
    ['a wrong field', good.replace('  template:', '  replica: 3\n  template:'), 'spec.replica: unknown field replica'],
    ['what is no object beside it', `metadata: {name: a}\n---${good}`, 'a document: is not a Kubernetes object'],
    [
      'a template of ours that is wrong',
      `apiVersion: orchestration.aibrix.io/v1alpha1\nkind: AnalysisTemplate\nmetadata: {name: a}\nspec: {metric: []}\n---${good}`,
      'spec.metric',
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
