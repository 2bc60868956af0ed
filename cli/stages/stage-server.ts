/**
 * What every stage answers on its `--http`: whether it runs, whether it can do its job now, and its counters. Plain
 * HTTP for probes and Prometheus: no keys, nothing about reports.
 */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isIPv6 } from 'node:net';
import type { Readiness } from '../../api/deps.ts';
import { pickLanguage } from '../../api/http/language.ts';
import { Problem, PROBLEM_TYPE, problemBody, toProblem } from '../../api/http/problem.ts';
import { UnavailableError } from '../../contracts/errors.ts';

export interface StageServerOptions {
  readonly host: string;
  /** 0 = any free one. */
  readonly port: number;
  readonly readiness: () => Promise<Readiness>;
  readonly metricsText: () => Promise<string>;
}

export interface StageServer {
  readonly port: number;
  readonly url: string;
  stop(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const JSON_TYPE = 'application/json; charset=utf-8';
const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';
const REQUEST_MS = 10_000;

function json(body: unknown): Answer {
  return { status: 200, type: JSON_TYPE, body: JSON.stringify(body) };
}

async function ready(readiness: StageServerOptions['readiness']): Promise<Answer> {
  const { ready: isReady, checks } = await readiness();
  if (isReady) return json({ ready: true, checks });
  const failed = checks
    .filter(({ ok }) => !ok)
    .map(({ name }) => name)
    .join(', ');
  throw new Problem('not-ready', {
    detail: { zh: `未通过: ${failed}`, en: `not passed: ${failed}` },
    headers: { 'retry-after': '5' },
    members: { ready: false, checks },
  });
}

/** What `/health/ready` says, for who sees metrics only: alerts. */
async function readyText({ readiness }: StageServerOptions): Promise<string> {
  const { checks } = await readiness();
  const lines = checks.map(({ name, ok }) => `stackwarden_stage_ready{check="${name}"} ${ok ? '1' : '0'}\n`);
  const head = '# HELP stackwarden_stage_ready 1 while this check of /health/ready is passed\n';
  return `${head}# TYPE stackwarden_stage_ready gauge\n${lines.join('')}`;
}

async function answerTo(path: string, options: StageServerOptions): Promise<Answer> {
  const { readiness, metricsText } = options;
  if (path === '/health/live') return json({ live: true });
  if (path === '/health/ready') return ready(readiness);
  if (path === '/metrics') {
    const body = `${(await metricsText()).trimEnd()}\n${await readyText(options)}`;
    return { status: 200, type: METRICS_TYPE, body };
  }
  const known = '/health/live, /health/ready, /metrics';
  throw new Problem('not-found', { detail: { zh: `此端口只有 ${known}`, en: `this port has ${known} only` } });
}

function problemAnswer(error: unknown, request: IncomingMessage): Answer {
  const problem = toProblem(error);
  const language = pickLanguage(request.headers['accept-language']);
  const body = problemBody(problem, { language, instance: request.url ?? '', requestId: randomUUID() });
  const headers = problem.parts.headers ?? {};
  return { status: problem.status, type: PROBLEM_TYPE, body: JSON.stringify(body), headers };
}

async function serve(request: IncomingMessage, response: ServerResponse, options: StageServerOptions): Promise<void> {
  request.resume();
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  let answer: Answer;
  try {
    if (!isRead) throw new Problem('method-not-allowed', { detail: { zh: '请使用 GET', en: 'use GET' } });
    answer = await answerTo((request.url ?? '').split('?', 1)[0] ?? '', options);
  } catch (error) {
    answer = problemAnswer(error, request);
  }
  const { status, type, body, headers } = answer;
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    ...headers,
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}

function listen(server: Server, { host, port }: StageServerOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: Error & { readonly code?: string }) => {
      const why = cause.code ?? cause.message;
      reject(new UnavailableError(`cannot listen on ${host}:${port} (${why}); use another port`, { cause }));
    });
    server.listen({ host, port }, () => {
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/** @throws UnavailableError where the port cannot be had */
export async function startStageServer(options: StageServerOptions): Promise<StageServer> {
  const timeouts = { requestTimeout: REQUEST_MS, headersTimeout: REQUEST_MS, connectionsCheckingInterval: 1_000 };
  const server = createServer(timeouts, (request, response) => {
    void serve(request, response, options);
  });
  const port = await listen(server, options);
  const { host } = options;
  return {
    port,
    url: `http://${isIPv6(host) ? `[${host}]` : host}:${port}/`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}
