/** The live stream: every change as it happens, resumable by the id of the last event. */
import type { ServerResponse } from 'node:http';
import { Type } from 'typebox';
import type { ChangeEvent } from '../../contracts/ports/read-model.ts';
import type { Authenticator, Caller } from '../caller.ts';
import type { ApiDeps, ApiSettings } from '../deps.ts';
import { endpoint, type Endpoint } from '../endpoint.ts';
import { STREAM_TYPE } from '../http/accept.ts';
import { Problem } from '../http/problem.ts';
import { several } from '../shapes.ts';
import { createChangeFeed } from '../stream/change-feed.ts';
import { eventFrame, openingFrame, startEventReader, type EventReader } from '../stream/event-reader.ts';
import { visibleBody } from '../stream/change-view.ts';

const CHANGE_TYPES = [
  'finding',
  'order',
  'mark',
  'registry',
  'dead-letter',
] as const satisfies readonly ChangeEvent['type'][];

interface OpenStream {
  readonly caller: Caller;
  readonly authorization: string | undefined;
  readonly reader: EventReader;
  readonly response: ServerResponse;
}

/** Where a reader begins, and what it is told first. */
interface Begin {
  readonly position: number;
  readonly frame: string;
}

export interface EventStream {
  readonly endpoints: readonly Endpoint[];
  /** Ends every stream. */
  stop(): void;
}

const tooMany = (): Problem =>
  new Problem('streams-exhausted', {
    detail: { zh: '实时连接已达上限，请先关闭其他连接', en: 'there are too many live streams; close others first' },
    headers: { 'retry-after': '30' },
  });

function readEventId(header: string | string[] | undefined): number | undefined {
  if (typeof header !== 'string' || header === '') return undefined;
  if (/^\d{1,15}$/.test(header)) return Number(header);
  const detail = { zh: 'Last-Event-ID 须为本接口给出的 id', en: '`Last-Event-ID` must be an id that this stream gave' };
  throw new Problem('query-invalid', { detail, errors: [{ pointer: 'last-event-id', detail }] });
}

function beginAt(
  id: number | undefined,
  bounds: { readonly first: number; readonly last: number },
  last: number,
): Begin {
  const known = JSON.stringify({ first: bounds.first, last });
  if (id === undefined) return { position: last, frame: eventFrame({ id: last, type: 'ready', body: known }) };
  const isAhead = id > Math.max(bounds.last, last);
  if (!isAhead && id >= bounds.first - 1) return { position: id, frame: '' };
  const reason = isAhead ? 'the id is from another data set' : 'changes after this id are no longer kept';
  const body = JSON.stringify({ reason, first: bounds.first, last });
  return { position: last, frame: eventFrame({ id: last, type: 'reset', body }) };
}

export function createEventStream(deps: ApiDeps, settings: ApiSettings, authenticator: Authenticator): EventStream {
  const onError = (error: unknown): void => deps.logger.error({ err: error }, 'api.stream.failed');
  const feed = createChangeFeed({
    readModel: deps.readModel,
    pollMs: settings.changePollMs,
    onChange: deps.onChange,
    onError,
  });
  const open = new Set<OpenStream>();

  const admit = (caller: Caller): void => {
    const own = [...open].filter((stream) => stream.caller.id === caller.id).length;
    if (open.size >= settings.streams || own >= settings.streamsPerKey) throw tooMany();
  };
  const frameFor = (caller: Caller, types: readonly string[]) => (change: ChangeEvent) => {
    if (!types.includes(change.type)) return undefined;
    const body = visibleBody(change, deps.registry(), caller);
    return body === undefined ? undefined : eventFrame({ id: change.seq, type: change.type, body });
  };
  const recheck = async ({ authorization, reader }: OpenStream): Promise<void> => {
    try {
      await authenticator.authenticate(authorization, 'live');
    } catch (error) {
      // Where keys cannot be looked up for a while, those that were good stay good.
      if (error instanceof Problem && error.status === 401) reader.end();
      else onError(error);
    }
  };
  const beats = setInterval(() => {
    for (const { reader } of open) reader.beat();
  }, settings.heartbeatMs).unref();
  const rechecks = setInterval(() => {
    if (deps.insecure) return;
    for (const stream of open) void recheck(stream);
  }, settings.keyTrustMs).unref();

  const follow = (begin: Begin, who: Omit<OpenStream, 'reader'>, types: readonly string[]): void => {
    const { response, caller } = who;
    if (response.destroyed) return;
    // Ending the answer must end the connection, or closing the server would wait for it.
    response.writeHead(200, {
      'content-type': STREAM_TYPE,
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      connection: 'close',
    });
    response.write(openingFrame() + begin.frame);
    const frame = frameFor(caller, types);
    const reader = startEventReader({
      response,
      feed,
      position: begin.position,
      frame,
      behind: settings.streamBehind,
      onError,
    });
    const stream = { ...who, reader };
    open.add(stream);
    response.once('close', () => open.delete(stream));
  };

  return {
    endpoints: [
      endpoint({
        method: 'GET',
        path: '/api/v1/events/stream',
        operation: 'followChanges',
        tag: 'events',
        summary: 'Changes as they happen (server-sent events)',
        description:
          'Events are named `finding`, `order`, `mark`, `registry` and `dead-letter`; `data` is the thing as it now is. `ready` tells where a ' +
          'stream without `Last-Event-ID` begins. With it, everything after that event comes first; where that is no longer ' +
          'kept, a `reset` event says so: read the lists again. A comment comes every 15 s. Whoever reads too slowly is ' +
          'closed and may resume.',
        query: Type.Object({ type: several(Type.Enum([...CHANGE_TYPES]), 'only these kinds of change') }),
        types: [STREAM_TYPE],
        success: {
          status: 200,
          description: 'a stream of events without end',
          schema: Type.String(),
          example: 'id: 17\nevent: finding\ndata: {"id":"f-0123456789abcdef"}\n\n',
        },
        problems: ['streams-exhausted'],
        answer: async ({ caller, query, headers }) => {
          admit(caller);
          const id = readEventId(headers['last-event-id']);
          await feed.look();
          const begin = beginAt(id, await deps.readModel.changeBounds(), feed.last());
          const { authorization } = headers;
          const types = query.type ?? CHANGE_TYPES;
          return {
            kind: 'live',
            follow: (response) =>
              follow(
                begin,
                { caller, response, authorization: typeof authorization === 'string' ? authorization : undefined },
                types,
              ),
          };
        },
      }),
    ],
    stop: () => {
      clearInterval(beats);
      clearInterval(rechecks);
      feed.stop();
      for (const { reader } of open) reader.end();
    },
  };
}
