/** Dead letters: messages that could not be taken in, with their reason, and sending them through ingest again. */
import { Type, type Static } from 'typebox';
import { DEAD_LETTER_REASONS } from '../../contracts/errors.ts';
import type { DeadLetter } from '../../contracts/ports/detection-store.ts';
import type { DeadLetterFilter } from '../../contracts/ports/read-model.ts';
import type { Caller } from '../caller.ts';
import type { ApiDeps } from '../deps.ts';
import { endpoint, json, rows, type Endpoint } from '../endpoint.ts';
import { ROW_TYPES } from '../http/accept.ts';
import { noSuch, Problem } from '../http/problem.ts';
import { keepOnly, pageRequest, type Source } from '../pages.ts';
import { readOpenRange } from '../ranges.ts';
import { EXAMPLE_INSTANT, FROM, InstantText, PAGE_QUERY, pageOf, several, TO } from '../shapes.ts';
import { deadLetterView, seesDeadLetter } from './dead-letter-view.ts';

const TAG = 'dead-letters';
const STATES = ['kept', 'quarantined', 'taken-in', 'redriven'] as const satisfies readonly DeadLetter['state'][];

const DeadLetterSchema = Type.Object(
  {
    id: Type.String(),
    received: InstantText,
    reason: Type.Enum([...DEAD_LETTER_REASONS]),
    detail: Type.String({ description: 'what was seen, what was expected, what to do' }),
    topic: Type.String(),
    payload: Type.String({ description: 'as sent; base64 where it is not UTF-8' }),
    encoding: Type.Enum(['utf8', 'base64']),
    state: Type.Enum([...STATES], { description: 'quarantined reports leave by themselves once their time has come' }),
  },
  { title: 'Dead letter' },
);
const COLUMNS = Object.keys(DeadLetterSchema.properties);
const EXAMPLE = {
  id: 'd-17',
  received: EXAMPLE_INSTANT,
  reason: 'signal-unknown',
  detail: 'signal `so3` is not known',
  topic: 'stackwarden/v1/demo-cement/cems-1/report',
  payload: '{"ts":"2026-11-22T08:00:00+08:00","values":{"so3":1}}',
  encoding: 'utf8',
  state: 'kept',
};

const DeadLetterQuery = Type.Object({
  ...PAGE_QUERY,
  reason: several(Type.Enum([...DEAD_LETTER_REASONS]), 'reasons'),
  state: several(Type.Enum([...STATES]), 'states'),
  from: Type.Optional(FROM),
  to: Type.Optional(TO),
});

function filterOf(query: Static<typeof DeadLetterQuery>): DeadLetterFilter {
  return {
    ...(query.reason && { reasons: query.reason }),
    ...(query.state && { states: query.state }),
    ...readOpenRange(query),
  };
}

async function requireLetter(deps: ApiDeps, id: string, caller: Caller): Promise<DeadLetter> {
  const letter = await deps.readModel.deadLetter(id);
  if (letter === undefined || !seesDeadLetter(letter, deps.registry(), caller)) throw noSuch('死信', 'dead letter', id);
  return letter;
}

const LetterParams = Type.Object({ id: Type.String({ examples: [EXAMPLE.id] }) });

function listDeadLetters(deps: ApiDeps): Endpoint {
  return endpoint({
    method: 'GET',
    path: '/api/v1/dead-letters',
    operation: 'listDeadLetters',
    tag: TAG,
    summary: 'Messages that could not be taken in; `from` and `to` are about their receipt',
    query: DeadLetterQuery,
    types: ROW_TYPES,
    success: {
      status: 200,
      description: 'a page of dead letters',
      schema: pageOf(DeadLetterSchema),
      example: { items: [EXAMPLE], next: null },
    },
    answer: async ({ query, caller }) => {
      const registry = deps.registry();
      const filter = filterOf(query);
      const all: Source<DeadLetter> = (request) => deps.readModel.deadLetters(filter, request);
      const source = keepOnly(all, (letter) => seesDeadLetter(letter, registry, caller));
      const page = await source(pageRequest(query));
      return rows({
        items: page.items.map((letter) => deadLetterView(letter, registry.time)),
        next: page.next,
        columns: COLUMNS,
      });
    },
  });
}

function getDeadLetter(deps: ApiDeps): Endpoint {
  return endpoint({
    method: 'GET',
    path: '/api/v1/dead-letters/:id',
    operation: 'getDeadLetter',
    tag: TAG,
    summary: 'One dead letter with its payload',
    params: LetterParams,
    success: { status: 200, description: 'the dead letter', schema: DeadLetterSchema, example: EXAMPLE },
    problems: ['not-found'],
    answer: async ({ params, caller }) =>
      json(deadLetterView(await requireLetter(deps, params.id, caller), deps.registry().time)),
  });
}

const RedriveSchema = Type.Object(
  {
    id: Type.String(),
    accepted: Type.Integer({ description: 'reports of it that are now in the log' }),
    rejections: Type.Array(Type.Object({ reason: Type.Enum([...DEAD_LETTER_REASONS]), detail: Type.String() }), {
      description: 'what was refused once more; each is a dead letter again',
    }),
  },
  { title: 'What became of a dead letter' },
);

function redrive(deps: ApiDeps): Endpoint {
  return endpoint({
    method: 'POST',
    path: '/api/v1/dead-letters/:id/redrive',
    operation: 'redriveDeadLetter',
    tag: TAG,
    summary: 'Sends a dead letter through ingest again, by the registry as it is now',
    params: LetterParams,
    success: {
      status: 200,
      description: 'what became of it',
      schema: RedriveSchema,
      example: { id: EXAMPLE.id, accepted: 1, rejections: [] },
    },
    problems: ['not-found', 'dead-letter-settled', 'unavailable'],
    answer: async ({ params, caller }) => {
      const letter = await requireLetter(deps, params.id, caller);
      if (letter.state === 'redriven' || letter.state === 'taken-in') {
        throw new Problem('dead-letter-settled', {
          detail: {
            zh: `死信 ${letter.id} 已处理 (${letter.state})`,
            en: `dead letter ${letter.id} is ${letter.state} already`,
          },
        });
      }
      const { accepted, rejections } = await deps.redrive(letter, caller.name);
      return json({ id: letter.id, accepted, rejections });
    },
  });
}

export function deadLetterEndpoints(deps: ApiDeps): readonly Endpoint[] {
  return [listDeadLetters(deps), getDeadLetter(deps), redrive(deps)];
}
