/** What goes wrong on the way of reports, and is nobody's fault: outages, repeats, disorder, clocks that are a little off. */
import { DAY_MS, MINUTE_MS, SECOND_MS } from '../contracts/time/instant.ts';
import type { NetworkEntry } from './city-file.ts';
import type { RandomStream } from './plants/random-stream.ts';
import type { Span } from './plants/span.ts';
import { readSpan, type ScenarioReading } from './scenario-reading.ts';

export interface Network {
  /** Whether a site sends through one data logger, or each of its devices by itself. */
  readonly clients: 'site' | 'device';
  /** The outage of a site that contains the instant. */
  outageAt(site: string, at: number): Span | undefined;
  /** Outages of a site that touch a span of finite length, oldest first; those of the whole city among them. */
  outagesIn(site: string, within: Span): readonly Span[];
  /** How much the clock of a device is ahead; negative: behind. */
  clockErrorMs(random: RandomStream): number;
  readonly hasOutages: boolean;
  /** A share between 0 and 1 that is the site's luck at an instant. */
  fateShare(site: string, at: number): number;
  /** What becomes of a report that a site sends at an instant: how much later it goes, and how much later once more. */
  fateOf(site: string, at: number): Fate;
}

export interface Fate {
  readonly lateMs: number;
  /** `undefined` = once is enough. */
  readonly againMs: number | undefined;
}

const FAIR: Fate = { lateMs: 0, againMs: undefined };
/** A report that is late is overtaken by the next one or two of its device. */
const MOST_LATE_MS = 110 * SECOND_MS;
const MOST_AGAIN_MS = 40 * SECOND_MS;
/** Outages are short or long: what is neither could be taken for either. */
const SHORT_MINUTES = [1, 11] as const;
const LONG_MINUTES = [45, 240] as const;
/** From here on the devices of a site are off line, whatever their cadence. */
export const OFF_LINE_MS = LONG_MINUTES[0] * MINUTE_MS;
const SHORT_SHARE = 0.7;

function outageOfDay(random: RandomStream, day: number, perDay: number): Span | undefined {
  if (random.uniformAt(4 * day) >= perDay) return undefined;
  const [low, high] = random.uniformAt(4 * day + 1) < SHORT_SHARE ? SHORT_MINUTES : LONG_MINUTES;
  const minutes = low * (high / low) ** random.uniformAt(4 * day + 2);
  const fromAt = day * DAY_MS + Math.floor(random.uniformAt(4 * day + 3) * DAY_MS);
  return { fromAt, toAt: fromAt + Math.round(minutes * MINUTE_MS) };
}

/** Spans as few as they can be. */
function merged(spans: readonly Span[]): readonly Span[] {
  const joined: Span[] = [];
  for (const span of spans.toSorted((left, right) => left.fromAt - right.fromAt)) {
    const last = joined.at(-1);
    if (last !== undefined && span.fromAt <= last.toAt) {
      joined[joined.length - 1] = { fromAt: last.fromAt, toAt: Math.max(last.toAt, span.toAt) };
    } else joined.push(span);
  }
  return joined;
}

export function readNetwork(reading: ScenarioReading, entry: NetworkEntry = {}): Network {
  const { duplicates = 0, disorder = 0, clockErrorSeconds = 0 } = entry;
  const ofCity = (entry.cityOutages ?? []).map((span, index) =>
    readSpan(reading, span, ['network', 'cityOutages', index]),
  );
  const perDay = (entry.outages?.per100SiteDays ?? 0) / 100;
  const random = reading.random.split('network');
  const fates = random.split('fate');
  const outagesIn = (site: string, within: Span): readonly Span[] => {
    const own: Span[] = [];
    if (perDay > 0) {
      const luck = random.split(site);
      for (let day = Math.floor(within.fromAt / DAY_MS) - 1; day * DAY_MS < within.toAt; day += 1) {
        const outage = outageOfDay(luck, day, perDay);
        if (outage !== undefined) own.push(outage);
      }
    }
    return merged([...own, ...ofCity]).filter(({ fromAt, toAt }) => fromAt < within.toAt && toAt > within.fromAt);
  };
  return {
    clients: entry.clients ?? 'device',
    outagesIn,
    outageAt: (site, at) => outagesIn(site, { fromAt: at, toAt: at + 1 })[0],
    clockErrorMs: (luck) => Math.round(clockErrorSeconds * SECOND_MS * luck.split('clock').gaussianAt(0)),
    hasOutages: perDay > 0 || ofCity.length > 0,
    fateShare: (site, at) => fates.split(site).uniformAt(2 * Math.floor(at) + 1),
    fateOf: (site, at) => {
      if (duplicates + disorder === 0) return FAIR;
      const luck = fates.split(site);
      const index = 2 * Math.floor(at);
      const chance = luck.uniformAt(index);
      if (chance >= duplicates + disorder) return FAIR;
      const share = luck.uniformAt(index + 1);
      if (chance < duplicates) return { lateMs: 0, againMs: Math.ceil(share * MOST_AGAIN_MS) };
      return { lateMs: Math.ceil(share * MOST_LATE_MS), againMs: undefined };
    },
  };
}
