/** What the devices of two plants have to say in some days: exceedances, a filter that is off, a frozen monitor, late and repeated reports. */
import { practiceRegistry } from '../support/practice-plants.ts';
import { createRandom } from '../support/seeded-random.ts';

const MINUTE_MS = 60_000;
const BEGIN = Date.parse('2026-02-02T00:00:00+08:00');
const SITES: readonly string[] = ['works-a', 'works-b'];

/** The first plant exceeds, the second is to stand still. */
export function killRegistry(sites: readonly string[]): string {
  return `${practiceRegistry(sites.map((id) => ({ id })))}orders:
  - id: kill-order
    kind: shutdown
    level: red
    from: 2026-02-02T04:00:00+08:00
    to: 2026-02-02T07:00:00+08:00
    graceMinutes: 30
    scope: {sites: [works-b]}
    document: practice
marks: []
`;
}

export const KILL_REGISTRY = killRegistry(SITES);

/** One message of one device: reports as they are sent, each its own text so that it can be counted in a log. */
export interface StreamMessage {
  readonly device: string;
  readonly reports: readonly string[];
}

/** What is sent side by side; the next step begins when all of it is acknowledged. */
export type StreamStep = readonly StreamMessage[];

interface Plant {
  readonly site: string;
  readonly random: ReturnType<typeof createRandom>;
  /** A monitor's last hour, stored while its line to us was down. */
  stored: string[];
}

function text(minute: number, values: Readonly<Record<string, number>>): string {
  return JSON.stringify({
    ts: new Date(BEGIN + minute * MINUTE_MS).toISOString().replace('Z', '+00:00'),
    values,
    resent: true,
  });
}

/** A day's pattern in eight hours: 0 calm, 1 exceeding, 2 filter off, 3 frozen, 4 the monitor's line is down. */
const phaseOf = (minute: number): number => Math.floor((minute % 480) / 60) % 5;

function noxOf(plant: Plant, minute: number): number {
  const phase = phaseOf(minute);
  if (phase === 3 && minute % 60 >= 5) return 61.7;
  const level = phase === 1 && plant.site === 'works-a' ? 108 : 60;
  return level + plant.random.below(80) / 10;
}

function stepOf(plant: Plant, minute: number): StreamMessage[] {
  const { site, random } = plant;
  const filterKw = phaseOf(minute) === 2 && minute % 60 >= 10 && minute % 60 < 40 ? 1.5 : 60 + random.below(50) / 10;
  const monitor = text(minute, { nox: noxOf(plant, minute) });
  const messages: StreamMessage[] = [
    { device: `${site}/m-kiln`, reports: [text(minute, { power: 500 + random.below(400) / 10 })] },
    { device: `${site}/m-bag`, reports: [text(minute, { power: filterKw })] },
  ];
  if (phaseOf(minute) === 4) plant.stored.push(monitor);
  else {
    if (plant.stored.length > 0) messages.push({ device: `${site}/cems-1`, reports: plant.stored });
    plant.stored = [];
    messages.push({ device: `${site}/cems-1`, reports: [monitor] });
  }
  // Now and then a device is not sure whether it was heard.
  const again = messages[random.below(messages.length)];
  return random.below(6) === 0 && again !== undefined ? [...messages, again] : messages;
}

export function killStream(minutes: number, seed: number, sites = SITES): readonly StreamStep[] {
  const plants: Plant[] = sites.map((site, index) => ({ site, random: createRandom(seed + index), stored: [] }));
  return Array.from({ length: minutes }, (_, minute) => plants.flatMap((plant) => stepOf(plant, minute)));
}
