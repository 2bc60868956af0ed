/** Every failed request is answered with a problem, whatever failed. */
import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { pickLanguage } from './http/language.ts';
import { notFound, Problem, PROBLEM_TYPE, problemBody, toProblem } from './http/problem.ts';

/** The query is the sender's: it is not repeated. */
const pathOf = (url: string): string => url.split('?', 1)[0] ?? url;

function answer(problem: Problem, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const language = pickLanguage(request.headers['accept-language']);
  const context = { language, instance: pathOf(request.url), requestId: request.id };
  return reply
    .code(problem.status)
    .headers({ ...problem.parts.headers, 'content-language': language, 'x-request-id': request.id })
    .type(PROBLEM_TYPE)
    .send(JSON.stringify(problemBody(problem, context)));
}

/** Methods that a path answers to, for the 405 of those it does not. */
function createMethodFinder(app: FastifyInstance): (path: string) => readonly string[] {
  const routes: { readonly method: string; readonly pattern: RegExp }[] = [];
  app.addHook('onRoute', ({ method, url }) => {
    const source = url.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/:\w+/g, '[^/]+');
    for (const name of [method].flat()) routes.push({ method: name, pattern: new RegExp(`^${source}$`) });
  });
  return (path) => [...new Set(routes.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method))].sort();
}

function missing(request: FastifyRequest, methods: readonly string[]): Problem {
  if (methods.length > 0) {
    const allow = methods.join(', ');
    return new Problem('method-not-allowed', {
      detail: { zh: `此路径支持: ${allow}`, en: `this path answers to ${allow}` },
      headers: { allow },
    });
  }
  return notFound({
    zh: '没有此路径；接口见 /api/v1/openapi.json',
    en: 'there is nothing at this path; see /api/v1/openapi.json',
  });
}

/** Answers what the router cannot make sense of; no hook has seen it. */
export function refuseBrokenPath(error: Error, request: FastifyRequest, reply: FastifyReply): void {
  void answer(toProblem(error), request, reply.header('x-content-type-options', 'nosniff'));
}

export function addErrorAnswers(app: FastifyInstance): void {
  const methodsOf = createMethodFinder(app);
  app.setErrorHandler((error, request, reply) => {
    const problem = toProblem(error);
    if (problem.problem === 'internal')
      request.log.error({ err: error, route: request.routeOptions.url }, 'api.request.failed');
    else if (problem.status >= 500)
      request.log.warn({ reason: String(error), code: problem.problem }, 'api.request.refused');
    return answer(problem, request, reply);
  });
  app.setNotFoundHandler((request, reply) => answer(missing(request, methodsOf(pathOf(request.url))), request, reply));
}

/** Answers what is no HTTP request: there is no request to speak of yet, only the socket. */
export function refuseBrokenRequest(error: Error & { readonly code?: string }, socket: Socket): void {
  if (socket.destroyed || !socket.writable) return;
  const code =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? 'header-too-large'
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? 'request-timeout'
        : 'request-malformed';
  const problem = new Problem(code, {
    detail: { zh: '不是有效的 HTTP 请求', en: 'this is not a valid HTTP request' },
  });
  const body = JSON.stringify(problemBody(problem, { language: 'en', instance: '', requestId: '' }));
  const head = [
    `HTTP/1.1 ${problem.status} Error`,
    'Connection: close',
    `Content-Type: ${PROBLEM_TYPE}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
