import { describe, expect, it } from 'vitest';
import { PARENT } from '../../test/observed.js';
import type { KubeObject } from '../metacontroller/object.js';
import type { Parent } from '../observe/parent.js';
import type { Revision } from '../observe/revisions.js';
import { renderControllerRevision } from './controllerRevision.js';

const NEW: Revision = {
  hash: 'abc',
  number: 4,
  created: 0,
  template: { spec: { nodeName: 'n', containers: [] }, metadata: {} },
  roles: [],
};

const RENDERED = {
  apiVersion: 'apps/v1',
  kind: 'ControllerRevision',
  metadata: {
    name: 'my-app-abc',
    namespace: 'shop',
    labels: { 'orchestration.aibrix.io/stormservice': 'my-app', 'orchestration.aibrix.io/revision': 'abc' },
  },
  data: { template: '{"metadata":{},"spec":{"containers":[],"nodeName":"n"}}' },
  revision: 4,
};

const CAUSE = 'kubernetes.io/change-cause';
const DEPLOYMENT_CAUSE = 'deployment.kubernetes.io/change-cause';

describe('the record of a new revision', () => {
  it('has the template as one canonical string, and the labels that identify it', () => {
    expect(renderControllerRevision(PARENT, NEW)).toStrictEqual(RENDERED);
  });

  it.each<[string, Parent['annotations'], Parent['annotations']]>([
    ['the change cause', { [CAUSE]: 'nginx 1.27' }, { [CAUSE]: 'nginx 1.27' }],
    ['the change cause of a Deployment', { [DEPLOYMENT_CAUSE]: 'new' }, { [DEPLOYMENT_CAUSE]: 'new' }],
    ['both', { [DEPLOYMENT_CAUSE]: 'b', [CAUSE]: 'a' }, { [CAUSE]: 'a', [DEPLOYMENT_CAUSE]: 'b' }],
    ['an empty change cause', { [CAUSE]: '' }, { [CAUSE]: '' }],
    ['no other annotation', { [CAUSE]: 'a', team: 'web' }, { [CAUSE]: 'a' }],
  ])('has %s of the StormService', (_, annotations, expected) => {
    expect(renderControllerRevision({ ...PARENT, annotations }, NEW)).toStrictEqual({
      ...RENDERED,
      metadata: { ...RENDERED.metadata, annotations: expected },
    });
  });

  it('has no annotations if the StormService has no change cause', () => {
    const rendered = renderControllerRevision({ ...PARENT, annotations: { team: 'web' } }, NEW);
    expect(rendered).toStrictEqual(RENDERED);
  });
});

describe('the record of an earlier revision', () => {
  const { template, ...withoutTemplate } = NEW;
  const record: KubeObject = {
    ...RENDERED,
    metadata: { ...RENDERED.metadata, name: 'old-name', uid: 'r1', resourceVersion: '7' },
    data: { template: '{}' },
    revision: 2,
  };
  const unchanged = { ...record, metadata: { ...RENDERED.metadata, name: 'old-name' } };

  it('stays unchanged, whatever the hook would render now', () => {
    const parent = { ...PARENT, annotations: { [CAUSE]: 'later' } };
    expect(renderControllerRevision(parent, { ...withoutTemplate, template: template!, record })).toStrictEqual(
      unchanged,
    );
  });

  it('stays unchanged if its template cannot be read', () => {
    expect(renderControllerRevision(PARENT, { ...withoutTemplate, record })).toStrictEqual(unchanged);
  });

  it('is not created without a template', () => {
    expect(renderControllerRevision(PARENT, withoutTemplate)).toBeUndefined();
  });
});
