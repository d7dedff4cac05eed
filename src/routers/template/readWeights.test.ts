import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../schema/json.js';
import { fillObject, fillText, readText } from './placeholders.js';
import { readWeights } from './readWeights.js';

const values = {
  stableWeight: 80,
  canaryWeight: 20,
  stableService: 'old',
  canaryService: 'new',
  stableRevision: 'aaa',
  canaryRevision: 'bbb',
};

describe('placeholders', () => {
  it('in a text are replaced, what is none stays', () => {
    expect(fillText('$(stableService)/$(canaryService): $(canaryWeight), $(other) $(toString)', values)).toBe(
      'old/new: 20, $(other) $(toString)',
    );
  });

  it('that are all of a text and a weight become numbers', () => {
    const template: JsonObject = {
      stable: '$(stableWeight)',
      canary: '$(canaryWeight)',
      text: '$(canaryWeight) ',
      service: '$(stableService)',
      list: ['$(canaryWeight)', 1, null, true, { a: '$(canaryRevision)' }],
      absent: undefined,
    };
    expect(fillObject(template, values)).toStrictEqual({
      stable: 80,
      canary: 20,
      text: '20 ',
      service: 'old',
      list: [20, 1, null, true, { a: 'bbb' }],
    });
  });

  it.each([
    ['w=35', 'w=$(canaryWeight)', 35],
    ['65:35', '$(stableWeight):$(canaryWeight)', 35],
    ['35:x', '$(canaryWeight):$(stableWeight)', undefined],
    ['w=35.', 'w=$(canaryWeight)', undefined],
    ['aw=35', 'w=$(canaryWeight)', undefined],
    ['new.*35', '$(canaryService).*$(canaryWeight)', 35],
    ['newxx35', '$(canaryService).*$(canaryWeight)', undefined],
    ['other 35', '$(canaryService) $(canaryWeight)', undefined],
    ['ccc,d4 35', '$(stableRevision),$(canaryRevision) $(canaryWeight)', 35],
    ['C 35', '$(stableRevision) $(canaryWeight)', undefined],
    ['$(other) 35', '$(other) $(canaryWeight)', 35],
    ['new', '$(canaryService)', undefined],
  ])('%s was made from %s: %s', (text, template, weight) => {
    expect(readText(text, template, values)).toBe(weight);
  });
});

describe('readWeights', () => {
  const object: JsonObject = { a: '$(canaryWeight)', b: ['x $(canaryWeight)', { c: '$(stableWeight)' }] };
  const read = (observed: object, observedWeight?: string) =>
    readWeights({ object, ...(observedWeight !== undefined && { observedWeight }) }, { ...observed }, values);

  it('finds every place of the template', () => {
    expect(read({ a: 20, b: ['x 30', {}] })).toEqual({ ok: true, weights: [20, 30] });
    expect(read({ a: '20', b: ['x 30'] })).toEqual({ ok: true, weights: [20, 30] });
  });

  it.each([{ a: 20 }, { a: 20, b: ['30'] }, { a: 20, b: [30] }, { a: 'x', b: ['x 30'] }, {}, { a: [], b: {} }])(
    'knows nothing where one of them is not a weight: %j',
    observed => {
      expect(read(observed)).toEqual({ ok: false, reason: 'the canary weight is not where the template has it' });
    },
  );

  it('finds what a path selects: numbers, and texts of the template', () => {
    expect(read({ w: [1, '2', 'x 3'] }, '$.w[*]')).toEqual({ ok: true, weights: [1, 2, 3] });
    expect(read({ new: 5 }, '$.$(canaryService)')).toEqual({ ok: true, weights: [5] });
  });

  it.each([
    ['$.w[', 'observedWeight $.w[ is not a JSONPath'],
    ['$.nothing', 'observedWeight $.nothing finds no weights'],
    ['$.w[*]', 'observedWeight $.w[*] finds not only weights'],
    ['$.o', 'observedWeight $.o finds no weights'],
  ])('%s: %s', (path, reason) => {
    expect(read({ w: [1, 'y'], o: {} }, path)).toEqual({ ok: false, reason });
  });
});
