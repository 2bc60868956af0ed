/** The live stream: every change as it happens, resumable by the id of the last event. */
import { Type } from 'typebox';
import type { ChangeEvent } from '../../contracts/ports/read-model.ts';
import { endpoint, type Endpoint } from '../endpoint.ts';
import { STREAM_TYPE } from '../http/accept.ts';
import { Problem } from '../http/problem.ts';
import { several } from '../shapes.ts';
import { parseEventId, type EventId } from '../stream/event-id.ts';
import type { LiveStreams } from '../stream/live-streams.ts';

const CHANGE_TYPES: readonly ChangeEvent['type'][] = ['finding', 'order', 'mark', 'registry', 'dead-letter'];

const DESCRIPTION =
  'Events are named `finding`, `order`, `mark`, `registry` and `dead-letter`; `data` is the thing as it now is, in the form ' +
  'in which its resource shows it. `ready` tells where a stream without `Last-Event-ID` begins. With that header ' +
  'everything after the event comes first; where that is no longer kept, or the id is from another process of several, ' +
  'a `reset` event says so: read the lists again. ' +
  'A comment comes every 15 s. Whoever reads too slowly is closed and may resume.';

/** @throws Problem 400 where it is no id of ours */
function readEventId(header: string | string[] | undefined): EventId | undefined {
  if (typeof header !== 'string' || header === '') return undefined;
  const id = parseEventId(header);
  if (id !== undefined) return id;
  const detail = { zh: 'Last-Event-ID 须为本接口给出的 id', en: '`Last-Event-ID` must be an id that this stream gave' };
  throw new Problem('query-invalid', { detail, errors: [{ pointer: 'last-event-id', detail }] });
}

export function eventEndpoints(streams: LiveStreams): readonly Endpoint[] {
  return [
    endpoint({
      method: 'GET',
      path: '/api/v1/events/stream',
      operation: 'followChanges',
      tag: 'events',
      summary: 'Changes as they happen (server-sent events)',
      description: DESCRIPTION,
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
        streams.admit(caller);
        const { authorization } = headers;
        const follow = await streams.prepare(readEventId(headers['last-event-id']), {
          caller,
          authorization: typeof authorization === 'string' ? authorization : undefined,
          types: query.type ?? CHANGE_TYPES,
        });
        return { kind: 'live', follow };
      },
    }),
  ];
}
