import { describe, expect, it } from 'vitest';
import { Recorder } from './recorder.js';

const CHAPTER = { title: 'at 20 %', revision: 'new', atMost: 0.2, expected: 0.2 };

function answerMany(recorder: Recorder, revision: string, times: number, code = 200): void {
  for (let i = 0; i < times; i += 1) recorder.begin()({ code, revision });
}

describe('Recorder', () => {
  it('counts by second, revision and code', () => {
    let now = 1_000_100;
    const recorder = new Recorder(() => now);
    answerMany(recorder, 'old', 3);
    now += 1000;
    answerMany(recorder, 'new', 1, 500);
    recorder.begin()({ code: 0 });
    expect(recorder.seconds).toEqual([
      { at: 1_000_000, requests: 3, failures: 0, byRevision: { old: 3 }, failuresByRevision: {}, byCode: { 200: 3 } },
      {
        at: 1_001_000,
        requests: 2,
        failures: 2,
        byRevision: { new: 1 },
        failuresByRevision: { new: 1 },
        byCode: { 0: 1, 500: 1 },
      },
    ]);
    expect(recorder.total).toMatchObject({ requests: 5, failures: 2, byRevision: { old: 3, new: 1 } });
    expect(recorder.since(1_000_500)).toMatchObject({ requests: 2, failures: 2, byRevision: { new: 1 } });
  });

  it('holds requests against what was allowed when they were sent', () => {
    const recorder = new Recorder(() => 0);
    recorder.enter({ ...CHAPTER, title: 'before', atMost: 0, expected: 0 });
    answerMany(recorder, 'old', 100);
    recorder.enter(CHAPTER);
    answerMany(recorder, 'old', 82);
    answerMany(recorder, 'new', 18);
    expect(recorder.chapters.map(({ title, share, verdict }) => [title, share, verdict])).toEqual([
      ['before', 0, 'as expected'],
      ['at 20 %', 0.18, 'as expected'],
    ]);
  });

  it('says when there were too many, or too few', () => {
    const judge = (old: number, fresh: number) => {
      const recorder = new Recorder(() => 0);
      recorder.enter(CHAPTER);
      answerMany(recorder, 'old', old);
      answerMany(recorder, 'new', fresh);
      return recorder.chapters[0]?.verdict;
    };
    expect(judge(600, 400)).toBe('too many');
    expect(judge(1000, 0)).toBe('too few');
    expect(judge(800, 200)).toBe('as expected');
  });

  it('leaves a request that straddles two chapters to neither', () => {
    const recorder = new Recorder(() => 0);
    recorder.enter({ ...CHAPTER, atMost: 0, expected: 0 });
    const answered = recorder.begin();
    recorder.enter(CHAPTER);
    answered({ code: 200, revision: 'new' });
    expect(recorder.chapters).toEqual([]);
    expect(recorder.total).toMatchObject({ requests: 1, byRevision: { new: 1 } });
  });
});
