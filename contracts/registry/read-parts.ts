/** Joins the files of a registry and reads their parts in the order in which they refer to one another. */
import type { Mark, Order } from '../order.ts';
import { SIGNALS, type Signal } from '../signals.ts';
import { createLocalTime, type LocalTime } from '../time/local-time.ts';
import { checkOrderReferences, findIdleOrderParts } from './check-order-references.ts';
import { at, entriesOf, type Place } from './place.ts';
import type { ProblemList } from './problem-list.ts';
import { checkUnique, type ReadContext } from './read-context.ts';
import { readSite } from './read-site.ts';
import type { DistrictEntry, Draft, RegistryFile, SignalEntry, SiteEntry } from './registry-file.ts';
import type { District, Registry, Site } from './registry.ts';
import { checkMarkReferences, findMisspeltState, readRegistryMark } from './resolve-mark.ts';
import { readOrder } from './resolve-order.ts';

/** A file as far as it fits the schema, and its top. */
export interface DraftFile {
  readonly draft: Draft<RegistryFile>;
  readonly top: Place;
}

const DEFAULT_TIMEZONE = 'Asia/Shanghai';

/** The registry as far as the files can be read; complete where the list holds no problem. */
export function readParts(
  files: readonly DraftFile[],
  version: string,
  incomplete: boolean,
  problems: ProblemList,
): Registry {
  checkVersion(files, incomplete, problems);
  const time = readTimezone(files, problems);
  const districts = readDistricts(files, problems);
  const signals = readSignals(files, problems);
  const known = new Set(districts.map(({ id }) => id));
  const context: ReadContext = { time, signals, districts: known, incomplete, problems };
  const sites = readSites(files, context);
  const names = { sites, districts };
  return {
    version,
    time,
    districts,
    signals,
    sites,
    orders: readOrders(files, names, context),
    marks: readMarks(files, names, context),
  };
}

function partsOf<K extends 'signals' | 'districts' | 'sites' | 'orders' | 'marks'>(
  files: readonly DraftFile[],
  key: K,
): [NonNullable<NonNullable<Draft<RegistryFile>[K]>[number]>, Place][] {
  type Entry = NonNullable<NonNullable<Draft<RegistryFile>[K]>[number]>;
  const lists = files.map(({ draft, top }) => entriesOf(draft[key] as readonly (Entry | undefined)[], at(top, key)));
  return lists.flat();
}

function checkVersion(files: readonly DraftFile[], incomplete: boolean, problems: ProblemList): void {
  const first = files[0];
  if (first === undefined || incomplete || files.some(({ draft }) => draft.version !== undefined)) return;
  problems.problem(at(first.top, 'version'), 'key-missing', {
    message: 'no file says which version its form is of',
    remedy: 'Add `version: 1`.',
  });
}

function readTimezone(files: readonly DraftFile[], problems: ProblemList): LocalTime {
  let chosen: { readonly name: string; readonly place: Place; readonly time: LocalTime } | undefined;
  for (const { draft, top } of files) {
    const name = draft.timezone;
    if (name === undefined) continue;
    const place = at(top, 'timezone');
    const time = localTime(name);
    if (time === undefined) {
      problems.problem(place, 'timezone-unknown', {
        message: `unknown time zone "${name}"`,
        remedy: `Name an IANA zone, such as ${DEFAULT_TIMEZONE}.`,
      });
    } else if (chosen === undefined) chosen = { name, place, time };
    else if (name !== chosen.name) {
      const message = `time zone ${name} differs from ${chosen.name} in another file`;
      problems.problem(
        place,
        'timezone-differs',
        { message, remedy: 'A registry has one time zone: days and hours follow it.' },
        chosen.place,
      );
    }
  }
  return chosen?.time ?? createLocalTime(DEFAULT_TIMEZONE);
}

function localTime(timezone: string): LocalTime | undefined {
  try {
    return createLocalTime(timezone);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function readDistricts(files: readonly DraftFile[], problems: ProblemList): readonly District[] {
  const entries: [Draft<DistrictEntry>, Place][] = partsOf(files, 'districts');
  checkUnique(
    entries.map(([{ id }, place]) => [id, place]),
    'district',
    problems,
  );
  return entries.flatMap(([{ id, name }]) => (id === undefined ? [] : [{ id, name: name ?? '' }]));
}

function readSignals(files: readonly DraftFile[], problems: ProblemList): ReadonlyMap<string, Signal> {
  const signals = new Map(SIGNALS.map((signal) => [signal.id, signal]));
  const entries: [Draft<SignalEntry>, Place][] = partsOf(files, 'signals');
  checkUnique(
    entries.map(([{ id }, place]) => [id, place]),
    'signal',
    problems,
  );
  for (const [{ id, unit = '', kind = 'number', zh }, place] of entries) {
    if (id === undefined) continue;
    const builtIn = SIGNALS.find((signal) => signal.id === id);
    if (builtIn === undefined) signals.set(id, { id, unit, kind, zh: zh ?? id });
    else {
      const message = `signal \`${id}\` is built in (${builtIn.zh}${builtIn.unit === '' ? '' : `, ${builtIn.unit}`})`;
      problems.problem(at(place, 'id'), 'id-duplicate', {
        message,
        remedy: 'Use it as it is, or give yours another id.',
      });
    }
  }
  return signals;
}

function readSites(files: readonly DraftFile[], context: ReadContext): ReadonlyMap<string, Site> {
  const { problems } = context;
  const entries: [Draft<SiteEntry>, Place][] = partsOf(files, 'sites');
  checkUnique(
    entries.map(([{ id }, place]) => [id, place]),
    'site',
    problems,
  );
  const sites = new Map<string, Site>();
  const numbers = new Map<string, Place>();
  for (const [entry, place] of entries) {
    const site = readSite(entry, place, context);
    if (entry.id !== undefined && !sites.has(entry.id)) sites.set(entry.id, site);
    for (const [{ mn }, spot] of entriesOf(entry.devices, at(place, 'devices'))) {
      if (mn === undefined) continue;
      const first = numbers.get(mn);
      if (first === undefined) numbers.set(mn, at(spot, 'mn'));
      else
        problems.warning(
          at(spot, 'mn'),
          'number-shared',
          {
            message: `HJ 212 number ${mn} stands at two devices`,
            remedy: 'A gateway cannot tell them apart: correct one.',
          },
          first,
        );
    }
  }
  return sites;
}

type Names = Pick<Registry, 'sites' | 'districts'>;

function readOrders(files: readonly DraftFile[], names: Names, context: ReadContext): readonly Order[] {
  const { time, incomplete, problems } = context;
  const entries = partsOf(files, 'orders');
  checkUnique(
    entries.map(([{ id }, place]) => [id, place]),
    'order',
    problems,
  );
  return entries.map(([entry, place]) => {
    const read = readOrder(entry, time);
    for (const problem of read.problems) problems.entryProblem(place, problem);
    if (incomplete) return read.order;
    for (const problem of checkOrderReferences(read.order, names, problems.findNear))
      problems.entryProblem(place, problem);
    for (const problem of findIdleOrderParts(read.order, names)) problems.entryWarning(place, problem);
    return read.order;
  });
}

function readMarks(files: readonly DraftFile[], names: Names, context: ReadContext): readonly Mark[] {
  const { time, incomplete, problems } = context;
  return partsOf(files, 'marks').map(([entry, place]) => {
    const { mark, problems: found } = readRegistryMark(entry, time);
    for (const problem of found) problems.entryProblem(place, problem);
    const missing = incomplete ? [] : checkMarkReferences(mark, names, problems.findNear);
    for (const problem of missing) problems.entryProblem(place, problem);
    const misspelt = findMisspeltState(mark);
    if (misspelt !== undefined) problems.entryWarning(place, misspelt);
    return mark;
  });
}
