/** Marks 标记: declared states with a time span, from the registry, from devices and from officers. */
import { Type } from 'typebox';
import { MarkSchema, type Mark, type WireMark } from '../../contracts/order.ts';
import type { Page } from '../../contracts/ports/read-model.ts';
import { formatEntryProblem } from '../../contracts/registry/problem.ts';
import type { Registry } from '../../contracts/registry/registry.ts';
import { checkMarkReferences, resolveMark } from '../../contracts/registry/resolve-mark.ts';
import type { LocalTime } from '../../contracts/time/local-time.ts';
import type { Caller } from '../caller.ts';
import type { ApiDeps } from '../deps.ts';
import { endpoint, json, rows, type Endpoint } from '../endpoint.ts';
import { ROW_TYPES } from '../http/accept.ts';
import { sameText } from '../http/language.ts';
import { API_ROOT, linkTo } from '../http/link.ts';
import { Problem } from '../http/problem.ts';
import type { MarkShelf, PendingMark } from '../mark-shelf.ts';
import { chain, keepOnly, pageByKey, pageRequest, type Source } from '../pages.ts';
import { EXAMPLE_INSTANT, IdText, InstantText, PAGE_QUERY, pageOf } from '../shapes.ts';
import { requireSite, seesSite, visibleNames } from '../visible-sites.ts';
import { markView, type MarkView } from './mark-view.ts';

const TAG = 'marks';

const MarkViewSchema = Type.Object(
  {
    ...MarkSchema.properties,
    declaredAt: InstantText,
    accepted: Type.Boolean({ description: 'marks of the registry and of officers count as accepted' }),
    by: Type.String({ description: '`registry`, the device, or the name of the key that entered it' }),
  },
  { title: 'Mark with its origin' },
);

const COLUMNS = ['site', 'outlet', 'line', 'device', 'state', 'from', 'to', 'note', 'declaredAt', 'accepted', 'by'];
const MARK_EXAMPLE = {
  site: 'demo-cement',
  outlet: 'kiln-tail',
  state: 'start-up',
  from: EXAMPLE_INSTANT,
  to: '2026-11-22T12:00:00+08:00',
};
const VIEW_EXAMPLE = { ...MARK_EXAMPLE, declaredAt: EXAMPLE_INSTANT, accepted: true, by: 'desk' };

interface MarkContext {
  readonly deps: ApiDeps;
  readonly shelf: MarkShelf;
}

function registryView(mark: Mark, time: LocalTime): MarkView {
  const { site, outlet, line, device, state, note } = mark;
  return {
    site,
    ...(outlet === undefined ? {} : { outlet }),
    ...(line === undefined ? {} : { line }),
    ...(device === undefined ? {} : { device }),
    state,
    from: time.format(mark.fromAt),
    to: Number.isFinite(mark.toAt) ? time.format(mark.toAt) : null,
    ...(note === undefined ? {} : { note }),
    declaredAt: time.format(mark.declaredAt),
    accepted: mark.accepted,
    by: mark.by,
  };
}

function mapped<T, U>(source: Source<T>, map: (item: T) => U): Source<U> {
  return async (request): Promise<Page<U>> => {
    const page = await source(request);
    return { items: page.items.map(map), next: page.next };
  };
}

/** What was just entered, then the registry's, then what devices declared and officers entered before. */
function markSource({ deps, shelf }: MarkContext, site: string | undefined, caller: Caller): Source<MarkView> {
  const registry = deps.registry();
  const { time } = registry;
  const isWanted = (mark: { readonly site: string }): boolean =>
    (site === undefined || mark.site === site) && seesSite(registry, mark.site, caller);
  const key = (index: number): string => String(index).padStart(9, '0');
  const listed = (views: readonly MarkView[]): Source<MarkView> => {
    const numbered = views.filter(isWanted).map((view, index) => ({ view, index }));
    return mapped(
      async (request) => pageByKey(numbered, request, ({ index }) => key(index)),
      ({ view }) => view,
    );
  };
  const pending: Source<MarkView> = async (request) =>
    listed((await shelf.pending()).map((entry) => markView(entry, time)))(request);
  const stored = mapped(
    (request) => deps.readModel.marks(site, request),
    (entry) => markView(entry, time),
  );
  return chain(pending, listed(registry.marks.map((mark) => registryView(mark, time))), keepOnly(stored, isWanted));
}

function listMarks(context: MarkContext): Endpoint {
  return endpoint({
    method: 'GET',
    path: '/api/v1/marks',
    operation: 'listMarks',
    tag: TAG,
    summary: 'Marks of the registry, of devices and of officers',
    query: Type.Object({ ...PAGE_QUERY, site: Type.Optional(IdText) }),
    types: ROW_TYPES,
    success: {
      status: 200,
      description: 'a page of marks',
      schema: pageOf(MarkViewSchema),
      example: { items: [VIEW_EXAMPLE], next: null },
    },
    problems: ['not-found'],
    answer: async ({ query, caller }) => {
      if (query.site !== undefined) requireSite(context.deps.registry(), query.site, caller);
      const page = await markSource(context, query.site, caller)(pageRequest(query));
      return rows({ ...page, columns: COLUMNS });
    },
  });
}

const refuse = (texts: readonly string[]): Problem =>
  new Problem('mark-invalid', {
    detail: { zh: '标记有误，见 errors', en: 'the mark is not valid; see errors' },
    errors: texts.map((text) => ({ pointer: '', detail: sameText(text) })),
  });

/** @throws Problem 422 with everything that is wrong */
function checkMark(mark: WireMark, registry: Registry, asked: { readonly caller: Caller; readonly at: number }): void {
  const { caller, at } = asked;
  const resolved = resolveMark(mark, registry.time, { declaredAt: at, accepted: true, by: caller.name });
  if (!resolved.ok) throw refuse(resolved.error);
  const unknown = checkMarkReferences(resolved.value, visibleNames(registry, caller));
  if (unknown.length > 0) throw refuse(unknown.map(formatEntryProblem));
}

function postMark({ deps, shelf }: MarkContext): Endpoint {
  return endpoint({
    method: 'POST',
    path: '/api/v1/marks',
    operation: 'createMark',
    tag: TAG,
    summary: 'Enters a mark; entered by an officer it counts as accepted',
    description: 'Answered once the mark is durable in the log. `by` is always the name of the key.',
    body: MarkSchema,
    bodyExample: MARK_EXAMPLE,
    success: {
      status: 201,
      description: 'the mark stands',
      schema: MarkViewSchema,
      example: VIEW_EXAMPLE,
      headers: { location: 'path of the marks of the site' },
    },
    problems: ['mark-invalid', 'unavailable'],
    answer: async ({ body, caller }) => {
      const registry = deps.registry();
      const declaredAt = deps.now();
      checkMark(body, registry, { caller, at: declaredAt });
      const mark: WireMark = { ...body, by: caller.name };
      await deps.log.append([{ kind: 'mark', received: declaredAt, body: JSON.stringify(mark), by: caller.name }]);
      const entry: PendingMark = { mark, declaredAt, accepted: true, by: caller.name };
      shelf.put(entry);
      const location = linkTo(`${API_ROOT}/marks`, { site: mark.site });
      return json(markView(entry, registry.time), 201, { location });
    },
  });
}

export function markEndpoints(deps: ApiDeps, shelf: MarkShelf): readonly Endpoint[] {
  const context = { deps, shelf };
  return [listMarks(context), postMark(context)];
}
