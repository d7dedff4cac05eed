import { describe, expect, it } from 'vitest';
import { editedObject, sedText } from './edit.js';
import { readManifest } from './manifest.js';

const image = { field: 'image', from: 'vllm/vllm-openai:v0.10.0', to: 'other' } as const;

describe('editedObject', () => {
  it('replaces an image everywhere, and nothing else', () => {
    const { object } = readManifest('samples/rollout/multi-role.yaml');
    const changed = JSON.stringify(editedObject(object, image));
    expect(changed).toBe(JSON.stringify(object).replaceAll(image.from, image.to));
  });

  it('replaces the value of every arg', () => {
    const { object } = readManifest('samples/rollout/canary-web-analysis.yaml');
    const address = 'http://telemetry.mesh:8080';
    const changed = JSON.stringify(editedObject(object, { field: 'value', from: address, to: 'http://127.0.0.1:1' }));
    expect(changed).not.toContain(address);
    expect(changed.match(/"value":"http:\/\/127.0.0.1:1"/g)).toHaveLength(2);
  });

  it('leaves other fields as they are', () => {
    const object = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'other' }, spec: { name: image.from } };
    expect(editedObject(object, image)).toEqual(object);
  });
});

describe('sedText', () => {
  it.each([
    [[image], "sed 's#vllm/vllm-openai:v0.10.0#other#' a.yaml"],
    [
      [image, { field: 'value', from: 'a', to: 'b' } as const],
      "sed -e 's#vllm/vllm-openai:v0.10.0#other#' -e 's#a#b#' a.yaml",
    ],
  ])('%j', (edits, text) => {
    expect(sedText(edits, 'a.yaml')).toBe(text);
  });
});
