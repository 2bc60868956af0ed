/** Series: the values of one signal of one device, as they came or rolled up. */
import { Type, type Static } from 'typebox';
import { InputError } from '../../contracts/errors.ts';
import { ROLL_UPS, type RollUp, type SeriesAnswer, type SeriesQuery } from '../../contracts/ports/read-model.ts';
import type { Registry } from '../../contracts/registry/registry.ts';
import { formatClockDuration, parseClockDuration } from '../../contracts/time/duration.ts';
import type { LocalTime } from '../../contracts/time/local-time.ts';
import type { ApiDeps, ApiSettings } from '../deps.ts';
import { endpoint, rows, type Endpoint } from '../endpoint.ts';
import { ROW_TYPES } from '../http/accept.ts';
import { noSuch, Problem } from '../http/problem.ts';
import { coarserEvery } from '../coarser-every.ts';
import { readRange, type Range } from '../ranges.ts';
import { FROM, IdText, TO } from '../shapes.ts';
import { requireSite } from '../visible-sites.ts';
import { RAW_COLUMNS, rolledColumns, SERIES_EXAMPLE, SeriesSchema } from './series-shapes.ts';

const SeriesParams = Type.Object({ site: IdText, device: IdText, signal: IdText });
const Duration = Type.String({ maxLength: 32, examples: ['PT1H'] });
const SeriesQuerySchema = Type.Object({
  from: FROM,
  to: Type.Optional(TO),
  every: Type.Optional({
    ...Duration,
    description: 'roll up to windows of this ISO 8601 duration (clock units); without it the values as they came',
  }),
  fn: Type.Optional(
    Type.Array(Type.Enum([...ROLL_UPS]), {
      minItems: 1,
      description: 'roll-ups, several comma separated; all unless said. Needs `every`',
    }),
  ),
  period: Type.Optional({
    ...Duration,
    description: 'only reports of this period, or `instant`; without it the finest that there is in the range',
  }),
});
type SeriesAsked = Static<typeof SeriesQuerySchema>;

const badQuery = (pointer: string, zh: string, en: string): Problem =>
  new Problem('query-invalid', { detail: { zh, en }, errors: [{ pointer, detail: { zh, en } }] });

function readEvery(name: 'every' | 'period', text: string): number {
  const ms = parseClockDuration(text);
  if (ms !== undefined) return ms;
  const shown = JSON.stringify(text);
  throw badQuery(
    name,
    `${name} 为 ${shown}，须为不含年月的 ISO 8601 时长，例如 PT10M、PT1H、P1D`,
    `\`${name}\` is ${shown}, expected an ISO 8601 duration without months or years such as PT10M, PT1H or P1D`,
  );
}

const readPeriod = (text: string): number => (text === 'instant' ? 0 : readEvery('period', text));

/** @throws Problem 422 that names an `every` which would do */
function refuseRange(range: Range, most: number, settings: ApiSettings): Problem {
  const every = coarserEvery(range.toAt - range.fromAt, settings.rolledPoints);
  return new Problem('range-too-large', {
    detail: {
      zh: `结果将超过 ${most} 个点；请缩短范围，或使用 every=${every}`,
      en: `more than ${most} points would come out; shorten the range, or use every=${every}`,
    },
    members: { every, maxPoints: most },
  });
}

function readQuery(
  asked: SeriesAsked,
  settings: ApiSettings,
  now: number,
): Omit<SeriesQuery, 'site' | 'device' | 'signal'> {
  const range = readRange(asked, now);
  const period = asked.period === undefined ? {} : { periodMs: readPeriod(asked.period) };
  if (asked.every === undefined) {
    if (asked.fn !== undefined)
      throw badQuery('fn', 'fn 需要与 every 同用', '`fn` needs `every`: without it the values are given as they came');
    return { ...range, ...period, maxPoints: settings.rawPoints };
  }
  const everyMs = readEvery('every', asked.every);
  const windows = (range.toAt - range.fromAt) / everyMs;
  if (windows > settings.rolledPoints) throw refuseRange(range, settings.rolledPoints, settings);
  // A range that begins inside a window touches one more than it holds.
  return { ...range, ...period, everyMs, maxPoints: settings.rolledPoints + 1 };
}

function items(answer: SeriesAnswer, fns: readonly RollUp[], time: LocalTime): readonly unknown[] {
  if (answer.kind === 'raw') {
    return answer.points.map(({ ts, periodMs, value, flag, received, revision }) => ({
      ts: time.format(ts),
      period: periodMs === 0 ? null : formatClockDuration(periodMs),
      value,
      flag,
      received: time.format(received),
      revision,
    }));
  }
  return answer.points.map((point) => {
    const item: Record<string, string | number> = { start: time.format(point.start) };
    for (const fn of fns) item[fn] = point[fn];
    item['flagged'] = point.flagged;
    return item;
  });
}

/** @throws Problem 422 where text would have to be rolled up, 404 where neither device nor values are known */
function checkChannel(params: Static<typeof SeriesParams>, asked: SeriesAsked, registry: Registry): void {
  const signal = registry.signals.get(params.signal);
  if (signal === undefined) throw noSuch('信号', 'signal', params.signal);
  if (signal.kind === 'number' || asked.every === undefined) return;
  throw new Problem('roll-up-impossible', {
    detail: {
      zh: `${signal.id} 是文本信号，请去掉 every`,
      en: `${signal.id} is text and has no mean; leave \`every\` out`,
    },
  });
}

async function readSeries(deps: ApiDeps, settings: ApiSettings, query: SeriesQuery): Promise<SeriesAnswer> {
  try {
    return await deps.readModel.series(query);
  } catch (error) {
    // The one thing a series can be refused for is its size.
    if (error instanceof InputError)
      throw refuseRange(query, query.everyMs === undefined ? settings.rawPoints : settings.rolledPoints, settings);
    throw error;
  }
}

export function seriesEndpoints(deps: ApiDeps, settings: ApiSettings): readonly Endpoint[] {
  return [
    endpoint({
      method: 'GET',
      path: '/api/v1/sites/:site/signals/:device.:signal/data',
      operation: 'getSeries',
      tag: 'series',
      summary: 'Values of a signal as they came, or rolled up; windows without values are absent: gaps stay gaps',
      description: `Without \`every\` at most ${settings.rawPoints} values, with it at most ${settings.rolledPoints} windows.`,
      params: SeriesParams,
      query: SeriesQuerySchema,
      types: ROW_TYPES,
      success: { status: 200, description: 'the values', schema: SeriesSchema, example: SERIES_EXAMPLE },
      problems: ['not-found', 'range-too-large', 'roll-up-impossible'],
      answer: async ({ params, query, caller }) => {
        const registry = deps.registry();
        const site = requireSite(registry, params.site, caller);
        checkChannel(params, query, registry);
        const wanted = readQuery(query, settings, deps.now());
        const answer = await readSeries(deps, settings, { ...params, ...wanted });
        // A device that left the registry keeps its values; one that never was has none.
        if (!site.devices.has(params.device) && answer.points.length === 0)
          throw noSuch('设备', 'device', params.device);
        const fns = query.fn ?? ROLL_UPS;
        const { time } = registry;
        return rows({
          about: {
            ...params,
            unit: registry.signals.get(params.signal)?.unit ?? '',
            kind: answer.kind,
            from: time.format(wanted.fromAt),
            to: time.format(wanted.toAt),
            every: answer.kind === 'rolled' ? formatClockDuration(answer.everyMs) : null,
          },
          items: items(answer, fns, time),
          next: null,
          columns: answer.kind === 'raw' ? RAW_COLUMNS : rolledColumns(fns),
        });
      },
    }),
  ];
}
