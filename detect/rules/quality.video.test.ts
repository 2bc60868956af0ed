import { describe, expect, it } from 'vitest';
import { declaredMark, type TestReport } from '../../tests/support/device-reports.ts';
import { spansOf, wordProblems } from '../../tests/support/finding-spans.ts';
import { moment, rfc3339 } from '../../tests/support/local-moment.ts';
import { plantRegistry } from '../../tests/support/plant-registry.ts';
import { findingsOf, replayReports } from '../../tests/support/replay-reports.ts';

const MINUTE_MS = 60_000;
const REGISTRY = plantRegistry({ outlet: null, line: { cameras: ['cam-1'] } });

type Values = Readonly<Record<string, number | string>>;

/** One report a minute; undefined: none is sent. */
function camera(frames: readonly (Values | undefined)[], from = '08:00'): readonly TestReport[] {
  return frames.flatMap((values, index) =>
    values === undefined
      ? []
      : [{ site: 'plant', device: 'cam-1', report: { ts: rfc3339(moment(from) + index * MINUTE_MS), values } }],
  );
}

let serial = 0;
const hash = (name: string): Values => ({ online: 1, occluded: 0, 'picture-hash': name });
/** Pictures that never come again. */
const live = (count: number): readonly Values[] =>
  Array.from({ length: count }, () => hash(`live-${String((serial += 1))}`));
const times = (count: number, values: Values | undefined): readonly (Values | undefined)[] =>
  Array.from({ length: count }, () => values);
const still = (count: number, name = 'still'): readonly (Values | undefined)[] => times(count, hash(name));
const loop = (names: string, rounds: number): readonly Values[] =>
  Array.from({ length: rounds }, () => names.split(''))
    .flat()
    .map((name) => hash(name));

interface Row {
  readonly name: string;
  readonly reports: readonly TestReport[];
  readonly expected: readonly string[];
}

const off = (count: number): readonly (Values | undefined)[] => times(count, { online: 0 });
const covered = (count: number): readonly (Values | undefined)[] => times(count, { ...hash('black'), occluded: 1 });

const ROWS: readonly Row[] = [
  { name: 'fourteen minutes off are none', reports: camera([...live(60), ...off(14), ...live(5)]), expected: [] },
  {
    name: 'fifteen minutes off are one',
    reports: camera([...live(60), ...off(15), ...live(5)]),
    expected: ['cam-1 online [09:00, 09:15) seen 09:15 closed'],
  },
  {
    name: 'sixteen minutes are seen after fifteen',
    reports: camera([...live(60), ...off(16), ...live(5)]),
    expected: ['cam-1 online [09:00, 09:16) seen 09:15 closed'],
  },
  {
    name: 'what goes on stays open',
    reports: camera([...live(60), ...off(30)]),
    expected: ['cam-1 online [09:00, …) seen 09:15 open'],
  },
  {
    name: 'no reports at all is not this rule',
    reports: camera([...live(60), ...times(60, undefined), ...live(5)]),
    expected: [],
  },
  {
    name: 'a gap neither counts nor ends',
    reports: camera([...live(60), ...off(9), ...times(10, undefined), ...off(7), ...live(5)]),
    expected: ['cam-1 online [09:00, 09:26) seen 09:26 closed'],
  },
  {
    name: 'one minute on ends it',
    reports: camera([...live(60), ...off(10), ...live(1), ...off(10), ...live(5)]),
    expected: [],
  },
  {
    name: 'a marked maintenance is unknown',
    reports: [
      ...camera([...live(60), ...off(30), ...live(5)]),
      declaredMark({ device: 'cam-1', state: 'maintenance', from: '09:00', until: '09:30' }),
    ],
    expected: [],
  },
  {
    name: 'fourteen minutes covered are none',
    reports: camera([...live(60), ...covered(14), ...live(5)]),
    expected: [],
  },
  {
    name: 'fifteen minutes covered are one; the black picture is no second one',
    reports: camera([...live(60), ...covered(90), ...live(5)]),
    expected: ['cam-1 occluded [09:00, 10:30) seen 09:15 closed'],
  },
  {
    name: 'off while covered: whether it is still covered is unknown',
    reports: camera([...live(60), ...covered(10), ...off(10), ...covered(10), ...live(5)]),
    expected: ['cam-1 occluded [09:00, 09:30) seen 09:25 closed'],
  },
  {
    name: 'twenty-nine minutes of one picture are none',
    reports: camera([...live(60), ...still(29), ...live(5)]),
    expected: [],
  },
  {
    name: 'thirty minutes of one picture are one',
    reports: camera([...live(60), ...still(30), ...live(5)]),
    expected: ['cam-1 picture-hash [09:00, 09:30) seen 09:30 closed'],
  },
  {
    name: 'a gap does not count and does not end',
    reports: camera([...live(60), ...still(16), ...times(20, undefined), ...still(15), ...live(5)]),
    expected: ['cam-1 picture-hash [09:00, 09:51) seen 09:51 closed'],
  },
  { name: 'from the first picture on it takes longer', reports: camera([...still(45), ...live(20)]), expected: [] },
  {
    name: 'a coarse fingerprint that repeats itself nine times in ten needs far longer',
    reports: camera([
      ...Array.from({ length: 30 }, (_, index) => still(10, `scene-${String(index)}`)).flat(),
      ...still(70),
    ]),
    expected: [],
  },
  {
    name: 'twice as long as ever before is needed',
    reports: camera([...live(20), ...still(25, 'a'), ...live(300), ...still(49, 'b'), ...live(5)]),
    expected: [],
  },
  {
    name: 'a slow camera of which nothing is known needs more than two hours',
    reports: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11].map((index) => ({
      site: 'plant',
      device: 'cam-1',
      report: { ts: rfc3339(moment('08:00') + index * 600_000), values: { 'picture-hash': 'same' } },
    })),
    expected: [],
  },
];

describe('quality.video', () => {
  it.each(ROWS)('$name', ({ reports, expected }) => {
    expect(spansOf(replayReports(REGISTRY, reports), 'quality.video')).toEqual(expected);
  });
});

/** Night and rest: a yard in which nothing moves. */
const QUIET: readonly Row[] = [
  {
    name: 'the first night of a camera is not judged',
    reports: camera([...live(300), ...still(600), ...live(60)], '2026-11-21 12:00'),
    expected: [],
  },
  {
    name: 'but a whole day of one picture is',
    reports: camera([...still(1_500), ...live(5)], '2026-11-20 20:00'),
    expected: ['cam-1 picture-hash [11-20 20:00, 11-21 21:00) seen 11-21 20:00 closed'],
  },
  {
    name: 'later nights are as the nights before',
    reports: camera(
      [...live(300), ...still(600, 'a'), ...live(840), ...still(700, 'b'), ...live(60)],
      '2026-11-20 12:00',
    ),
    expected: [],
  },
  {
    name: 'a lively night camera that stands still on its second night is found',
    reports: camera([...live(1_800), ...still(60), ...live(60)], '2026-11-20 12:00'),
    expected: ['cam-1 picture-hash [11-21 18:00, 11-21 19:00) seen 11-21 18:30 closed'],
  },
  {
    name: 'by day a line that is seen at rest is as a night',
    reports: camera([...live(60), ...times(200, { ...hash('rest'), running: 0 }), ...live(5)]),
    expected: [],
  },
  {
    name: 'by night a line that is seen working moves',
    reports: camera(
      [
        ...live(60).map((frame) => ({ ...frame, running: 1 })),
        ...times(40, { ...hash('frozen'), running: 1 }),
        ...live(5),
      ],
      '01:00',
    ),
    expected: ['cam-1 picture-hash [02:00, 02:40) seen 02:30 closed'],
  },
];

describe('quality.video in quiet scenes', () => {
  it.each(QUIET)('$name', ({ reports, expected }) => {
    expect(spansOf(replayReports(REGISTRY, reports), 'quality.video')).toEqual(expected);
  });
});

const LOOPS: readonly Row[] = [
  {
    name: 'ten pictures again and again, from the first that was there before',
    reports: camera([...live(60), ...loop('abcdefghij', 5), ...live(5)]),
    expected: ['cam-1 picture-hash [09:10, 09:50) seen 09:40 closed'],
  },
  {
    name: 'twice is no loop yet',
    reports: camera([...live(60), ...loop('abcdefghijklmnopqrstuvwxyzABCD', 2), ...live(5)]),
    expected: [],
  },
  {
    name: 'three times thirty pictures',
    reports: camera([...live(60), ...loop('abcdefghijklmnopqrstuvwxyzABCD', 3), ...live(5)]),
    expected: ['cam-1 picture-hash [09:30, 10:30) seen 10:30 closed'],
  },
  {
    name: 'where a picture comes twice in the loop, it begins with the first that tells the showings apart',
    reports: camera([...live(60), ...loop('abacdefghi', 5), ...live(5)]),
    expected: ['cam-1 picture-hash [09:11, 09:50) seen 09:41 closed'],
  },
  { name: 'a lamp that blinks', reports: camera([...live(60), ...loop('ab', 60), ...live(5)]), expected: [] },
  {
    name: 'one other picture in between',
    reports: camera([...live(60), ...loop('abcdefghij', 2), ...live(1), ...loop('abcdefghij', 3), ...live(5)]),
    expected: [],
  },
  {
    name: 'a gap does not end a loop that shifted',
    reports: camera([
      ...live(60),
      ...loop('abcdefghij', 5),
      ...times(7, undefined),
      ...loop('fghijabcde', 3),
      ...live(5),
    ]),
    expected: ['cam-1 picture-hash [09:10, 10:27) seen 09:40 closed'],
  },
];

describe('quality.video of a recording in a loop', () => {
  it.each(LOOPS)('$name', ({ reports, expected }) => {
    expect(spansOf(replayReports(REGISTRY, reports), 'quality.video')).toEqual(expected);
  });
});

describe('quality.video in words', () => {
  const only = (frames: readonly (Values | undefined)[]): ReturnType<typeof findingsOf>[number] | undefined =>
    findingsOf(replayReports(REGISTRY, camera(frames)), 'quality.video')[0];

  it.each([
    ['off', [...live(60), ...off(20), ...live(5)], 'low', ['09:00', '20']],
    ['occluded', [...live(60), ...covered(20), ...live(5)], 'low', ['09:00', '20']],
    ['still', [...live(60), ...still(42), ...live(5)], 'medium', ['09:00', '42', '30']],
    ['loop', [...live(60), ...loop('abcdefghij', 5), ...live(5)], 'medium', ['09:10', '10', '5', '40']],
  ] as const)('%s says the numbers it rests on', (problem, frames, severity, said) => {
    const finding = only(frames);
    expect(finding).toMatchObject({ severity, evidence: { problem } });
    expect(finding === undefined ? ['nothing found'] : wordProblems(finding, said)).toEqual([]);
  });

  it('a camera that is off for four hours is medium', () => {
    expect([only([...live(60), ...off(240)])?.severity, only([...live(60), ...off(242)])?.severity]).toEqual([
      'low',
      'medium',
    ]);
  });
});
