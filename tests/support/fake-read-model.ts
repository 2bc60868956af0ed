/** A read model over lists in memory, as plain as can be. */
import { InputError } from '../../contracts/errors.ts';
import type { Finding } from '../../contracts/finding.ts';
import type { Mean } from '../../contracts/mean.ts';
import type { DeadLetter, StoredMark, StoredOrder } from '../../contracts/ports/detection-store.ts';
import type {
  ChangeEvent,
  DeadLetterFilter,
  FindingFilter,
  LatestValue,
  MeanFilter,
  Page,
  PageRequest,
  RawPoint,
  ReadModel,
  RolledPoint,
  SeriesAnswer,
  SeriesQuery,
  Tally,
  Visibility,
} from '../../contracts/ports/read-model.ts';
import type { RuleEntry } from '../../contracts/rule-entry.ts';
import { parseInstant } from '../../contracts/time/instant.ts';

const anyOf = <T>(list: readonly T[] | undefined, item: T): boolean => list?.includes(item) ?? true;

function page<T>(items: readonly T[], { limit, cursor }: PageRequest): Page<T> {
  const start = cursor === undefined ? 0 : Number(cursor);
  if (!Number.isInteger(start)) throw new InputError('`cursor` is none of this list');
  const end = start + limit;
  return { items: items.slice(start, end), next: end < items.length ? String(end) : null };
}

export class FakeReadModel implements ReadModel {
  /** All revisions, oldest first. */
  findingLog: Finding[] = [];
  meanList: Mean[] = [];
  raw = new Map<string, RawPoint[]>();
  latestValues = new Map<string, LatestValue[]>();
  orderList: StoredOrder[] = [];
  markList: StoredMark[] = [];
  ruleList: RuleEntry[] = [];
  letters: DeadLetter[] = [];
  changeList: ChangeEvent[] = [];
  /** Changes below are no longer kept. */
  firstKept = 1;
  /** Thrown by every query while it is set. */
  failure: Error | undefined;
  readonly seriesQueries: SeriesQuery[] = [];

  #newest(who: Visibility): Finding[] {
    if (this.failure !== undefined) throw this.failure;
    const byId = new Map(this.findingLog.map((finding) => [finding.id, finding]));
    return [...byId.values()].filter(({ district }) => anyOf(who.districts, district));
  }

  async findings(filter: FindingFilter, request: PageRequest, who: Visibility): Promise<Page<Finding>> {
    const wanted = this.#newest(who).filter(
      (finding) =>
        anyOf(filter.rules, finding.rule) &&
        anyOf(filter.categories, finding.category) &&
        anyOf(filter.states, finding.state) &&
        anyOf(filter.severities, finding.severity) &&
        anyOf(filter.sites, finding.site) &&
        anyOf(filter.districts, finding.district) &&
        (filter.toAt === undefined || parseInstant(finding.start) < filter.toAt) &&
        (filter.fromAt === undefined || finding.end === null || parseInstant(finding.end) > filter.fromAt),
    );
    return page(wanted, request);
  }

  async finding(id: string, who: Visibility): Promise<Finding | undefined> {
    return this.#newest(who).find((finding) => finding.id === id);
  }

  async findingRevisions(id: string, who: Visibility): Promise<readonly Finding[]> {
    return this.findingLog.filter((finding) => finding.id === id && anyOf(who.districts, finding.district));
  }

  async means(filter: MeanFilter, request: PageRequest): Promise<Page<Mean>> {
    const wanted = this.meanList.filter(
      (mean) =>
        mean.site === filter.site &&
        (filter.outlet ?? mean.outlet) === mean.outlet &&
        (filter.signal ?? mean.signal) === mean.signal &&
        (filter.average ?? mean.average) === mean.average &&
        parseInstant(mean.start) >= filter.fromAt &&
        parseInstant(mean.start) < filter.toAt,
    );
    return page(wanted, request);
  }

  async series(query: SeriesQuery): Promise<SeriesAnswer> {
    this.seriesQueries.push(query);
    const all = this.raw.get(`${query.site}/${query.device}.${query.signal}`) ?? [];
    const points = all.filter(({ ts }) => ts >= query.fromAt && ts < query.toAt);
    if (query.everyMs === undefined) {
      if (points.length > query.maxPoints) throw new InputError('too many points');
      return { kind: 'raw', points };
    }
    return { kind: 'rolled', everyMs: query.everyMs, points: roll(points, query.everyMs) };
  }

  async latest(site: string): Promise<readonly LatestValue[]> {
    return this.latestValues.get(site) ?? [];
  }

  async orders(): Promise<readonly StoredOrder[]> {
    return this.orderList;
  }

  async marks(site: string | undefined, request: PageRequest): Promise<Page<StoredMark>> {
    return page(
      this.markList.filter(({ mark }) => site === undefined || mark.site === site),
      request,
    );
  }

  async rules(): Promise<readonly RuleEntry[]> {
    return this.ruleList;
  }

  async deadLetters(filter: DeadLetterFilter, request: PageRequest): Promise<Page<DeadLetter>> {
    const wanted = this.letters.filter(
      ({ reason, state, received }) =>
        anyOf(filter.reasons, reason) &&
        anyOf(filter.states, state) &&
        received >= (filter.fromAt ?? -Infinity) &&
        received < (filter.toAt ?? Infinity),
    );
    return page(wanted, request);
  }

  async deadLetter(id: string): Promise<DeadLetter | undefined> {
    return this.letters.find((letter) => letter.id === id);
  }

  async changes(afterSeq: number, limit: number): Promise<readonly ChangeEvent[]> {
    return this.changeList.filter(({ seq }) => seq > afterSeq && seq >= this.firstKept).slice(0, limit);
  }

  async changeBounds(): Promise<{ readonly first: number; readonly last: number }> {
    const last = this.changeList.at(-1)?.seq ?? 0;
    return last === 0 ? { first: 0, last: 0 } : { first: this.firstKept, last };
  }

  async tally(): Promise<Tally> {
    return { counts: {}, lagRecords: 0, oldestUnprocessedAt: null };
  }
}

function roll(points: readonly RawPoint[], everyMs: number): RolledPoint[] {
  const windows = new Map<number, RawPoint[]>();
  for (const point of points) {
    const start = Math.floor(point.ts / everyMs) * everyMs;
    windows.set(start, [...(windows.get(start) ?? []), point]);
  }
  return [...windows].map(([start, inside]) => {
    const values = inside.map(({ value }) => Number(value));
    const sum = values.reduce((total, value) => total + value, 0);
    return {
      start,
      count: values.length,
      mean: sum / values.length,
      min: Math.min(...values),
      max: Math.max(...values),
      sum,
      first: values.at(0) ?? Number.NaN,
      last: values.at(-1) ?? Number.NaN,
      flagged: inside.filter(({ flag }) => flag !== 'N').length,
    };
  });
}
