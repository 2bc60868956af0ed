import { describe, expect, it } from 'vitest';
import { SCENARIO_START, scenarioText } from '../tests/support/scenario-text.ts';
import { parseScenario, scenarioDevices, scenarioSpan } from './scenario.ts';

const parse = (text: string): ReturnType<typeof parseScenario> => parseScenario(text, { source: 'city.yaml' });
const small = (site: readonly string[], file: readonly string[] = []): string =>
  scenarioText({ type: 'cement', site, file });

/** What reading a text complains about, line by line. */
function complaints(text: string): readonly string[] {
  try {
    parse(text);
    return [];
  } catch (error) {
    return error instanceof Error ? error.message.split('\n') : [String(error)];
  }
}

describe('a scenario file', () => {
  it('is read with its defaults', () => {
    const scenario = parse(small([]));
    const { format } = { format: (at: number) => scenario.time.format(at) };
    expect(format(scenario.startAt)).toBe(SCENARIO_START);
    const span = scenarioSpan(scenario);
    expect([format(span.fromAt), format(span.toAt)]).toEqual([
      '2026-11-22T01:00:00+08:00',
      '2026-11-22T17:00:00+08:00',
    ]);
    expect(scenarioDevices(scenario).map(({ site, device }) => `${site}/${device}`)).toEqual([
      'plant-a/cems-1',
      'plant-a/m-kiln',
      'plant-a/m-fan-a',
      'plant-a/m-fan-b',
      'plant-a/m-sncr',
      'plant-a/m-mill',
      'plant-a/m-mill-bag',
      'plant-a/m-total',
      'plant-a/cam-1',
      'plant-a/gate-1',
    ]);
  });

  it('may be JSON, and may be started at another minute with another seed', () => {
    const text = JSON.stringify({
      version: 1,
      name: 'json',
      seed: 1,
      start: SCENARIO_START,
      districts: [{ id: 'd', name: '示例分局' }],
      sites: [{ id: 's', name: '示例', type: 'gas-boiler', district: 'd' }],
    });
    const startAt = Date.parse('2027-01-01T08:00:30+08:00');
    const scenario = parseScenario(text, { source: 'city.json', startAt, seed: 9 });
    expect([scenario.time.format(scenario.startAt), scenario.seed]).toEqual(['2027-01-01T08:00:00+08:00', 9]);
  });

  it.each([
    [
      'a district that there is not',
      small([]).replace('district: north', 'district: nord'),
      /^city.yaml:10: .*"nord", expected one of north$/,
    ],
    [
      'a type that there is not',
      small([]).replace('type: cement', 'type: glas'),
      /^city.yaml:9: .*expected one of bricks, carbon, castings, cement, /,
    ],
    ['a key that there is not', small(['hour: 3']), /^city.yaml:11: sites\[0\].hour: /],
    ['an unknown zone', small([], ['timezone: Asia/Nowhere']), /timezone: saw "Asia\/Nowhere"/],
    ['a start without offset', small([]).replace('+08:00', ''), /start: saw "2026-11-22T15:00:00"/],
    [
      'a device that there is not',
      small(['silences: [{ device: cam-9, from: -PT1H, to: start }]']),
      /silences\[0\].device: saw "cam-9"/,
    ],
    [
      'a cadence that reports cannot have',
      small(['devices: { m-kiln: { every: PT7M } }']),
      /saw "PT7M", expected one of PT1M/,
    ],
    [
      'an absolute time',
      small(['stops: [{ line: kiln-1, from: 2026-11-22, to: start }]']),
      /from: saw "2026-11-22", expected a time relative/,
    ],
    [
      'an end before its begin',
      small(['stops: [{ line: kiln-1, from: start, to: -PT1H }]']),
      /`to` \(-PT1H\) is not after `from` \(start\)/,
    ],
    [
      'an unknown fault',
      small(['faults: [{ fault: frozen, from: -PT1H, to: start }]']),
      /faults\[0\].fault: saw "frozen", expected one of falsification-average-mismatch, /,
    ],
    [
      'a missing setting',
      small(['faults: [{ fault: limit-hour, from: -PT1H, to: start }]']),
      /`signal` is missing: limit-hour needs it/,
    ],
    [
      'a setting without meaning',
      small(['faults: [{ fault: limit-hour, signal: nox, dropC: 3, from: -PT1H, to: start }]']),
      /`dropC` means nothing to limit-hour/,
    ],
    [
      'a signal that the plant has not',
      small(['faults: [{ fault: limit-hour, signal: hcl, from: -PT1H, to: start }]']),
      /signal: saw "hcl", expected one of so2/,
    ],
    [
      'a strength that there is not',
      small(['faults: [{ fault: limit-hour, strength: huge, signal: nox, from: -PT1H }]']),
      /faults\[0\].strength: /,
    ],
    [
      'an unknown look-alike',
      small(['lookAlikes: [{ lookAlike: spare, from: -PT1H }]']),
      /lookAlikes\[0\].lookAlike: saw "spare", expected one of absorber-layer-off/,
    ],
    [
      'a strength of what is harmless',
      small(['lookAlikes: [{ lookAlike: fan-after-run, strength: weak, line: kiln-1, from: -PT1H }]']),
      /lookAlikes\[0\].strength: /,
    ],
    [
      'a flag that there is not',
      small(['faults: [{ fault: falsification-flag-abuse, device: cems-1, signal: nox, flag: Q, from: -PT1H }]']),
      /faults\[0\].flag: /,
    ],
    [
      'an order that there is not',
      small(['faults: [{ fault: order-shutdown, line: kiln-1, order: R-9, from: -PT1H, to: start }]']),
      /order: saw "R-9"/,
    ],
    [
      'a fault that comes again before it ends',
      small(['faults: [{ fault: limit-hour, signal: nox, from: -PT2H, to: start, every: PT1H }]']),
      /`every` \(PT1H\) is shorter than the fault itself/,
    ],
    ['a backlog before everything', small(['backlogFrom: -P9D']), /backlogFrom: the backlog must begin/],
    ['a spread beyond the minute', small([], ['spread: PT2M']), /spread: saw "PT2M", expected a duration up to PT50S/],
    [
      'a site that stands twice',
      small(['hours: [0, 24]', '', '']).replace(
        '    hours: [0, 24]',
        '  - { id: plant-a, name: 二, type: cement, district: north }',
      ),
      /site "plant-a" stands twice/,
    ],
    ['no YAML', 'version: 1\n  name: [', /^city.yaml:\d+: not YAML/],
  ])('is refused with place and remedy: %s', (_name, text, expected) => {
    const lines = complaints(text);
    expect(lines.join('\n')).toMatch(expected);
    expect(lines.every((line) => /^city\.yaml:\d+: /.test(line))).toBe(true);
  });

  it('is refused with all of its problems at once', () => {
    const text = small([
      'stops: [{ line: kiln-7, from: start, to: +PT1H }]',
      'faults: [{ fault: quality-offline, from: now, to: +PT1H }]',
    ]);
    expect(complaints(text)).toHaveLength(3);
  });
});
