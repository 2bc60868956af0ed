/** Puts an endpoint onto the router: permission, format, parameters and body are checked in this order, then it answers. */
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Caller } from './caller.ts';
import type { Answer, Endpoint } from './endpoint.ts';
import { JSON_TYPE, negotiate, STREAM_TYPE } from './http/accept.ts';
import { createBodyCheck, createQueryReader } from './http/check.ts';
import { nextLink } from './http/link.ts';
import { rowPieces, STREAMED_FROM, type Rows } from './http/rows.ts';
import { Type } from 'typebox';

const NO_QUERY = Type.Object({});

function sendRows(
  parts: Rows,
  reply: FastifyReply,
  sending: { readonly type: string; readonly url: string },
): FastifyReply {
  const { type, url } = sending;
  if (parts.next !== null) reply.header('link', nextLink(url, parts.next));
  reply.type(type === JSON_TYPE ? JSON_TYPE : `${type}; charset=utf-8`);
  const pieces = rowPieces(parts, type);
  return reply.send(parts.items.length < STREAMED_FROM ? [...pieces].join('') : Readable.from(pieces));
}

function send(
  answer: Answer,
  reply: FastifyReply,
  sending: { readonly type: string; readonly url: string },
): FastifyReply {
  switch (answer.kind) {
    case 'json':
      return reply
        .code(answer.status ?? 200)
        .headers({ ...answer.headers })
        .type(JSON_TYPE)
        .send(JSON.stringify(answer.body));
    case 'rows':
      return sendRows(answer, reply, sending);
    case 'text':
      return reply.type(answer.type).send(answer.body);
    case 'empty':
      return reply.code(204).send();
    case 'live':
      reply.hijack();
      // What the hooks have set so far would be lost with the framework's own sending.
      for (const [name, value] of Object.entries(reply.getHeaders())) {
        if (value !== undefined) reply.raw.setHeader(name, value);
      }
      answer.follow(reply.raw);
      return reply;
  }
}

export function mount(app: FastifyInstance, endpoint: Endpoint, callerOf: (request: FastifyRequest) => Caller): void {
  const readQuery = createQueryReader(endpoint.query ?? NO_QUERY);
  const checkBody = endpoint.body === undefined ? undefined : createBodyCheck(endpoint.body);
  const types = endpoint.types ?? [JSON_TYPE];
  app.route({
    method: endpoint.method,
    url: endpoint.path,
    // A stream has no length to tell and no end to wait for.
    exposeHeadRoute: endpoint.method === 'GET' && !types.includes(STREAM_TYPE),
    ...(endpoint.bodyBytes === undefined ? {} : { bodyLimit: endpoint.bodyBytes }),
    ...(endpoint.isUncounted === true ? { config: { rateLimit: false } } : {}),
    handler: async (request, reply) => {
      const type = negotiate(request.headers.accept, types);
      const answer = await endpoint.answer({
        params: request.params,
        query: readQuery(request.query),
        body: checkBody?.(request.body),
        caller: callerOf(request),
        headers: request.headers,
      });
      return send(answer, reply, { type, url: request.url });
    },
  });
}
