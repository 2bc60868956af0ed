import { expect, it } from 'vitest';
import { explainVideo } from './video-words.ts';

const COMMON = { since: '2026-11-22T08:00:00+08:00', minutes: 45 };

it('tells the four troubles of a camera apart', () => {
  const still = explainVideo({ ...COMMON, problem: 'still', neededMinutes: 30, equalShare: 0.1 });
  const loop = explainVideo({ ...COMMON, problem: 'loop', pictures: 12, showings: 4 });
  expect(still.en).toContain('has not changed at all since 2026-11-22 08:00, for 45 minutes');
  expect(still.en).toContain('in at most 10 % of cases, so more than 30 minutes is against its habit');
  expect(loop.en).toContain('12 of them, shown 4 times, for 45 minutes');
  expect(explainVideo({ ...COMMON, problem: 'off' }).en).toContain('that it is off, for 45 minutes');
  expect(explainVideo({ ...COMMON, problem: 'occluded' }).en).toContain('that it is covered, for 45 minutes');
});

it('says all of it in Chinese as well', () => {
  for (const problem of ['still', 'loop', 'off', 'occluded'])
    expect(
      explainVideo({ ...COMMON, problem, neededMinutes: 30, equalShare: 0.1, pictures: 3, showings: 3 }).zh,
    ).toMatch(/45 分钟/);
});
