/** The HTTP API put together. Everything it works with is passed in; nothing is loaded by itself. */
import { randomUUID } from 'node:crypto';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import helmet from '@fastify/helmet';
import rateLimit, { type RateLimitPluginOptions } from '@fastify/rate-limit';
import fastify, { LogController, type FastifyInstance, type FastifyRequest, type RawServerDefault } from 'fastify';
import { InvariantError } from '../contracts/errors.ts';
import { ANONYMOUS, createAuthenticator, LOCAL, type Authenticator, type Caller } from './caller.ts';
import { SETTINGS, type ApiDeps, type ApiSettings } from './deps.ts';
import type { Endpoint } from './endpoint.ts';
import { addErrorAnswers, refuseBrokenPath, refuseBrokenRequest } from './error-answers.ts';
import { checkLocalRequest } from './host-check.ts';
import { Problem } from './http/problem.ts';
import { LANDING_PAGE } from './landing-page.ts';
import { mount } from './mount.ts';
import { openapiDocument } from './openapi/document.ts';
import { permissionOf, type Permission } from './permissions.ts';
import { createMarkShelf } from './mark-shelf.ts';
import { createOrderShelf } from './order-shelf.ts';
import { addResponseHeaders } from './response-headers.ts';
import { deadLetterEndpoints } from './resources/dead-letters.ts';
import { credentialEndpoints } from './resources/device-credentials.ts';
import { documentEndpoints } from './resources/documents.ts';
import { eventEndpoints } from './resources/events.ts';
import { findingEndpoints } from './resources/findings.ts';
import { healthEndpoints } from './resources/health.ts';
import { keyEndpoints } from './resources/keys.ts';
import { landingEndpoint } from './resources/landing.ts';
import { markEndpoints } from './resources/marks.ts';
import { meanEndpoints } from './resources/means.ts';
import { orderEndpoints } from './resources/orders.ts';
import { registryEndpoints } from './resources/registry.ts';
import { ruleEndpoints } from './resources/rules.ts';
import { seriesEndpoints } from './resources/series.ts';
import { siteEndpoints } from './resources/sites.ts';
import { LiveStreams } from './stream/live-streams.ts';

/** Version of the API's form, for the document. */
export const API_VERSION = '1.0.0';

export interface Tls {
  readonly cert: string | Buffer;
  readonly key: string | Buffer;
}

interface Parts {
  readonly endpoints: readonly Endpoint[];
  readonly authenticator: Authenticator;
  readonly settings: ApiSettings;
  readonly streams: LiveStreams;
}

/** Every endpoint there is. */
export function createParts(deps: ApiDeps): Parts {
  const settings: ApiSettings = { ...SETTINGS, ...deps.settings };
  const authenticator = createAuthenticator({
    credentials: deps.credentials,
    now: deps.now,
    trustMs: settings.keyTrustMs,
  });
  const orders = createOrderShelf(deps);
  const streams = new LiveStreams(deps, settings, authenticator);
  let document: unknown;
  const endpoints: readonly Endpoint[] = [
    landingEndpoint(),
    ...healthEndpoints(deps),
    ...documentEndpoints(() => (document ??= openapiDocument(endpoints, API_VERSION))),
    ...siteEndpoints(deps, orders),
    ...seriesEndpoints(deps, settings),
    ...meanEndpoints(deps),
    ...findingEndpoints(deps),
    ...ruleEndpoints(deps),
    ...orderEndpoints(deps, orders),
    ...markEndpoints(deps, createMarkShelf(deps.readModel, deps.now)),
    ...deadLetterEndpoints(deps),
    ...registryEndpoints(deps, settings),
    ...credentialEndpoints(deps),
    ...keyEndpoints(deps, authenticator),
    ...eventEndpoints(streams),
  ];
  return { endpoints, authenticator, settings, streams };
}

interface Access {
  readonly authenticator: Authenticator;
  readonly callers: WeakMap<FastifyRequest, Caller>;
}

const ONE_MINUTE_MS = 60_000;
const REQUEST_MS = 30_000;
const IDLE_MS = 72_000;
/** An order's id of 127 characters, percent-encoded. */
const PARAMETER_LENGTH = 1_200;

function createTransport(tls: Tls | undefined): (listener: RequestListener) => RawServerDefault {
  const timeouts = { requestTimeout: REQUEST_MS, headersTimeout: REQUEST_MS, keepAliveTimeout: IDLE_MS };
  return (listener) =>
    tls === undefined ? createServer(timeouts, listener) : createTlsServer({ ...timeouts, ...tls }, listener);
}

function createBareApp(deps: ApiDeps, settings: ApiSettings, tls: Tls | undefined): FastifyInstance {
  const app = fastify({
    loggerInstance: deps.logger,
    // One line for each request is written by a hook of ours, without headers and query.
    logController: new LogController({ disableRequestLogging: true }),
    serverFactory: createTransport(tls),
    bodyLimit: settings.bodyBytes,
    genReqId: () => randomUUID(),
    routerOptions: { maxParamLength: PARAMETER_LENGTH },
    return503OnClosing: false,
    clientErrorHandler: refuseBrokenRequest,
    frameworkErrors: refuseBrokenPath,
  });
  app.removeContentTypeParser('text/plain');
  return app;
}

function requireEntry(method: string, route: string): Permission {
  const permission = permissionOf(method, route);
  if (permission === undefined) throw new InvariantError(`route ${method} ${route} has no entry in permissions.ts`);
  return permission;
}

/** Who asks, and whether they may: before anything of the request is read. */
function addAccess(app: FastifyInstance, deps: ApiDeps, access: Access): void {
  const { authenticator, callers } = access;
  app.addHook('onRequest', async (request) => {
    if (deps.insecure) checkLocalRequest(request.headers);
    if (deps.insecure) callers.set(request, LOCAL);
    if (deps.insecure || request.is404) return;
    const permission = requireEntry(request.method, request.routeOptions.url ?? '');
    if (permission.roles.length === 0) return;
    const caller = await authenticator.authenticate(request.headers.authorization, request.ip);
    callers.set(request, caller);
    requirePermission(permission, caller);
  });
}

function requirePermission({ roles, limited }: Permission, { role, districts }: Caller): void {
  if (role === undefined || !roles.includes(role)) {
    const list = roles.join(', ');
    throw new Problem('role-insufficient', {
      detail: {
        zh: `需要以下角色之一: ${list}；此密钥为 ${role ?? '无'}`,
        en: `one of the roles ${list} is needed; the key has ${role ?? 'none'}`,
      },
    });
  }
  if (limited === 'own' || districts === undefined) return;
  throw new Problem('key-limited', {
    detail: {
      zh: '此资源不属于任何分局，受限密钥不能访问',
      en: 'this belongs to no district; a key limited to districts may not have it',
    },
  });
}

/** For this host alone: its neighbours may be plain. */
const HTTPS_ONLY = { maxAge: 31_536_000, includeSubDomains: false };

const SECURITY_POLICY = {
  useDefaults: false,
  directives: {
    defaultSrc: ["'none'"],
    scriptSrc: [LANDING_PAGE.scriptHash],
    styleSrc: [LANDING_PAGE.styleHash],
    imgSrc: ['data:'],
    connectSrc: ["'self'"],
    baseUri: ["'none'"],
    formAction: ["'none'"],
    frameAncestors: ["'none'"],
  },
};

function rateOptions(settings: ApiSettings, callerOf: (request: FastifyRequest) => Caller): RateLimitPluginOptions {
  return {
    max: settings.requestsPerMinute,
    timeWindow: ONE_MINUTE_MS,
    enableDraftSpec: true,
    keyGenerator: (request) => {
      const caller = callerOf(request);
      return caller === ANONYMOUS ? `address ${request.ip}` : `key ${caller.id}`;
    },
    errorResponseBuilder: (_request, { max, after }) =>
      new Problem('rate-exceeded', {
        detail: {
          zh: `每分钟最多 ${max} 次请求，请在 ${after} 后重试`,
          en: `at most ${max} requests a minute; try again in ${after}`,
        },
      }),
  };
}

/** The API as an application that can be injected into or listened with; `startApi` does the latter. */
export function createApp(deps: ApiDeps, tls?: Tls): FastifyInstance {
  const { endpoints, authenticator, settings, streams } = createParts(deps);
  const app = createBareApp(deps, settings, tls);
  const callers = new WeakMap<FastifyRequest, Caller>();
  const callerOf = (request: FastifyRequest): Caller => callers.get(request) ?? ANONYMOUS;
  app.addHook('onRoute', ({ method, url }) => {
    for (const name of [method].flat()) requireEntry(name, url);
  });
  addErrorAnswers(app);
  app.addHook('preClose', async () => {
    streams.stop();
  });
  app.register(helmet, {
    contentSecurityPolicy: SECURITY_POLICY,
    strictTransportSecurity: tls === undefined ? false : HTTPS_ONLY,
  });
  app.after(() => {
    // Behind the security headers, so that refusals carry them too.
    addResponseHeaders(app, { onServed: deps.onServed, callerOf });
    addAccess(app, deps, { authenticator, callers });
  });
  app.register(async (scope) => {
    await scope.register(rateLimit, rateOptions(settings, callerOf));
    for (const endpoint of endpoints) mount(scope, endpoint, callerOf);
  });
  return app;
}
