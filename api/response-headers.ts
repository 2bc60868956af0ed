/** What every answer carries, and what is noted about it. */
import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Caller } from './caller.ts';
import type { Served } from './deps.ts';

interface ResponseHeaderOptions {
  readonly onServed: ((served: Served) => void) | undefined;
  readonly callerOf: (request: FastifyRequest) => Caller;
}

const isRead = (method: string): boolean => method === 'GET' || method === 'HEAD';

/** The name of exactly this text, in this format. */
function entityTag(payload: string, reply: FastifyReply): string {
  const type = String(reply.getHeader('content-type') ?? '');
  return `"${createHash('sha256').update(type).update('\0').update(payload).digest('base64url').slice(0, 27)}"`;
}

function isKnown(header: string | undefined, tag: string): boolean {
  if (header === undefined) return false;
  return header.split(',').some((part) => part.trim() === '*' || part.trim().replace(/^W\//, '') === tag);
}

/** Headers of caching, the id of the request, and one line in the log for each request. */
export function addResponseHeaders(app: FastifyInstance, { onServed, callerOf }: ResponseHeaderOptions): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
    reply.header('vary', 'authorization, accept, accept-language');
  });
  app.addHook('onSend', async (request, reply, payload) => {
    // Nothing of what is answered may be given to the next who asks: keys see different things.
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'private, no-cache');
    if (!isRead(request.method) || reply.statusCode !== 200 || typeof payload !== 'string') return payload;
    const tag = entityTag(payload, reply);
    reply.header('etag', tag);
    if (!isKnown(request.headers['if-none-match'], tag)) return payload;
    reply.code(304).removeHeader('content-type').removeHeader('content-length');
    return null;
  });
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? '';
    const { method } = request;
    const status = reply.statusCode;
    const ms = Math.round(reply.elapsedTime * 10) / 10;
    onServed?.({ method, route, status, ms });
    // What was changed and by whom is worth a line; that someone read is not.
    const level = isRead(method) ? 'debug' : 'info';
    request.log[level]({ method, route, status, ms, key: callerOf(request).name }, 'api.request.answered');
  });
}
