import { expect, it } from 'vitest';
import { explainPinned } from './pinned-words.ts';

const COMMON = { signal: 'nox', since: '2026-11-22T08:00:00+08:00', minutes: 25 };

it('says of the top that what came out is at least this', () => {
  const { en, zh } = explainPinned({ ...COMMON, side: 'top', range: [0, 200], topShare: 0.98 });
  expect(en).toBe(
    'nox has been at 98 % or more of its full scale of 200 mg/m³ since 2026-11-22 08:00, for 25 minutes, while production was running. What came out is at least this; how much more is not known.',
  );
  expect(zh).toContain('满量程 200 mg/m³');
});

it('says where the range is too short for the limit, and where only the flag is known', () => {
  const short = explainPinned({ ...COMMON, side: 'top', range: [0, 120], topShare: 0.98, shortForLimit: 100 });
  expect(short.en).toContain('less than 1.5 times the limit of 100 mg/m³');
  expect(explainPinned({ ...COMMON, side: 'top', topShare: 0.98 }).en).toContain('flagged over range (T)');
});

it('says of the bottom what the channel does otherwise', () => {
  const evidence = { ...COMMON, side: 'bottom', value: 0, neededMinutes: 10, bottomShare: 0.001, hoursAway: 6 };
  expect(explainPinned(evidence).en).toBe(
    'nox has stood at the lowest step it can show (0 mg/m³) since 2026-11-22 08:00, for 25 minutes, while production was running. It was above it for 6 hours before and at it for 0.1 % of the time, so more than 10 minutes is against its habit.',
  );
});
