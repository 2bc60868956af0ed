/**
 * Every registered route × every role × own, foreign and no district. What is expected stands here a second time, on
 * purpose: a change of the table in permissions.ts must be made twice to be believed.
 */
import type { FastifyInstance } from 'fastify';
import { afterAll, describe, expect, it } from 'vitest';
import { ROLES, type Role } from '../contracts/ports/credentials.ts';
import { sampleOf } from '../tests/support/api-samples.ts';
import { ask, type Question } from '../tests/support/ask.ts';
import { createWorld } from '../tests/support/api-world.ts';
import { PERMISSIONS } from './permissions.ts';
import { RULE_EXAMPLE } from './resources/rules.ts';

/** What a key limited to districts gets for a thing of another district. */
type Foreign = 'not-found' | 'left-out' | 'invalid' | 'refused' | 'no-district';

interface Row {
  /** `everyone`, or the roles by their first letters: admin, operator, watch, district, Nalyst. */
  readonly roles: string;
  readonly foreign: Foreign;
}

const LETTER: Readonly<Record<Role, string>> = { admin: 'A', operator: 'O', watch: 'W', district: 'D', analyst: 'N' };
const EXPECTED: Readonly<Record<string, Row>> = {
  'GET /': { roles: 'everyone', foreign: 'no-district' },
  'GET /problems/:code': { roles: 'everyone', foreign: 'no-district' },
  'GET /health/live': { roles: 'everyone', foreign: 'no-district' },
  'GET /health/ready': { roles: 'everyone', foreign: 'no-district' },
  'GET /metrics': { roles: 'everyone', foreign: 'no-district' },
  'GET /api/v1/health/live': { roles: 'everyone', foreign: 'no-district' },
  'GET /api/v1/health/ready': { roles: 'everyone', foreign: 'no-district' },
  'GET /api/v1/metrics': { roles: 'everyone', foreign: 'no-district' },
  'GET /api/v1/openapi.json': { roles: 'everyone', foreign: 'no-district' },
  'GET /api/v1/schemas': { roles: 'everyone', foreign: 'no-district' },
  'GET /api/v1/schemas/:name': { roles: 'everyone', foreign: 'no-district' },
  'GET /api/v1/sites': { roles: 'AOWDN', foreign: 'left-out' },
  'GET /api/v1/sites/:site': { roles: 'AOWDN', foreign: 'not-found' },
  'GET /api/v1/sites/:site/latest': { roles: 'AOWDN', foreign: 'not-found' },
  'GET /api/v1/sites/:site/signals/:device.:signal/data': { roles: 'AOWDN', foreign: 'not-found' },
  'GET /api/v1/means': { roles: 'AOWDN', foreign: 'not-found' },
  'GET /api/v1/findings': { roles: 'AOWDN', foreign: 'left-out' },
  'GET /api/v1/findings/:id': { roles: 'AOWDN', foreign: 'not-found' },
  'GET /api/v1/findings/:id/revisions': { roles: 'AOWDN', foreign: 'not-found' },
  'GET /api/v1/rules': { roles: 'AOWDN', foreign: 'no-district' },
  'GET /api/v1/rules/:id': { roles: 'AOWDN', foreign: 'no-district' },
  'GET /api/v1/events/stream': { roles: 'AOWDN', foreign: 'left-out' },
  'GET /api/v1/orders': { roles: 'AOWDN', foreign: 'left-out' },
  'GET /api/v1/orders/:id': { roles: 'AOWDN', foreign: 'not-found' },
  'POST /api/v1/orders': { roles: 'AO', foreign: 'invalid' },
  'PUT /api/v1/orders/:id': { roles: 'AO', foreign: 'not-found' },
  'GET /api/v1/marks': { roles: 'AOWDN', foreign: 'left-out' },
  'POST /api/v1/marks': { roles: 'AOWD', foreign: 'invalid' },
  'GET /api/v1/dead-letters': { roles: 'AOWN', foreign: 'left-out' },
  'GET /api/v1/dead-letters/:id': { roles: 'AOWN', foreign: 'not-found' },
  'POST /api/v1/dead-letters/:id/redrive': { roles: 'AO', foreign: 'not-found' },
  'GET /api/v1/registry': { roles: 'AOWDN', foreign: 'left-out' },
  'PUT /api/v1/registry': { roles: 'AO', foreign: 'refused' },
  'GET /api/v1/credentials': { roles: 'AO', foreign: 'left-out' },
  'POST /api/v1/credentials': { roles: 'AO', foreign: 'invalid' },
  'DELETE /api/v1/credentials/:user': { roles: 'AO', foreign: 'not-found' },
  'GET /api/v1/keys': { roles: 'A', foreign: 'refused' },
  'POST /api/v1/keys': { roles: 'A', foreign: 'refused' },
  'DELETE /api/v1/keys/:id': { roles: 'A', foreign: 'refused' },
};

const FOREIGN_STATUS = { 'not-found': 404, invalid: 422, refused: 403 } as const;

async function registeredRoutes(): Promise<string[]> {
  const app = createWorld().app();
  const routes: string[] = [];
  app.addHook('onRoute', ({ method, url }) => {
    for (const name of [method].flat()) routes.push(`${name} ${url}`);
  });
  await app.ready();
  await app.close();
  return routes;
}

const routes = await registeredRoutes();

/** Status and text of an answer; of a stream without end its status and what it begins with. */
async function answerOf(
  app: FastifyInstance,
  url: string,
  question: Question,
): Promise<{ status: number; text: string }> {
  if (!url.startsWith('/api/v1/events/stream')) {
    const { statusCode, body } = await ask(app, url, question);
    return { status: statusCode, text: body };
  }
  const headers = question.as === undefined ? {} : { authorization: `Bearer ${question.as}` };
  const response = await app.inject({ url, headers, payloadAsStream: true });
  response.stream().destroy();
  return { status: response.statusCode, text: '' };
}

function freshApp(): FastifyInstance {
  const world = createWorld();
  world.readModel.ruleList = [RULE_EXAMPLE];
  return world.app();
}

const readingApp = freshApp();
afterAll(() => readingApp.close());

/** Writes go to a fresh world each: none must depend on what another wrote. */
async function send(route: string, site: string, key: string | undefined): Promise<{ status: number; text: string }> {
  const { url, ...question } = sampleOf(route, site);
  const asked = key === undefined ? question : { ...question, as: key };
  if (question.method === 'GET') return answerOf(readingApp, url, asked);
  const app = freshApp();
  const answer = await answerOf(app, url, asked);
  await app.close();
  return answer;
}

/** An answer may repeat the name that it was asked by; a list may not name anything. */
function withoutAsked(text: string, row: Row): string {
  if (row.foreign === 'left-out') return text;
  return text
    .replaceAll('d-far-cement', '')
    .replaceAll('far-cement', '')
    .replaceAll('f-far', '')
    .replaceAll('O-far', '');
}

describe('the table of permissions', () => {
  it('has an entry for every registered route, and no other', () => {
    const known = routes.map((route) => route.replace(/^HEAD /, 'GET '));
    expect([...new Set(known)].sort()).toEqual(Object.keys(PERMISSIONS).sort());
    expect(Object.keys(EXPECTED).sort()).toEqual(Object.keys(PERMISSIONS).sort());
  });
  it('is needed: a route without an entry cannot be registered', async () => {
    const app = createWorld().app();
    expect(() => app.get('/api/v1/secrets', () => 'all of them')).toThrow('GET /api/v1/secrets has no entry');
    await app.close();
  });
});

describe.each(Object.entries(EXPECTED))('%s', (route, row) => {
  const isPublic = row.roles === 'everyone';

  it(isPublic ? 'is for everyone' : 'needs a key', async () => {
    const { status } = await send(route, 'demo-cement', undefined);
    expect(status).toBe(isPublic ? 200 : 401);
    if (!isPublic) expect((await send(route, 'demo-cement', 'wrong')).status).toBe(401);
  });

  it.each(isPublic ? [] : ROLES)('for the role %s', async (role) => {
    const isAllowed = row.roles.includes(LETTER[role]);
    // The role `district` has no keys without districts.
    if (role !== 'district') {
      for (const site of ['demo-cement', 'far-cement']) {
        const { status, text } = await send(route, site, role);
        expect(isAllowed ? status < 300 : status === 403, `${site}: ${status} ${text}`).toBe(true);
      }
    }
    const own = await send(route, 'demo-cement', `${role}-xinmi`);
    const isOwnAllowed = isAllowed && row.foreign !== 'refused';
    expect(isOwnAllowed ? own.status < 300 : own.status === 403, `own: ${own.status} ${own.text}`).toBe(true);

    const foreign = await send(route, 'far-cement', `${role}-xinmi`);
    if (!isAllowed) expect(foreign.status).toBe(403);
    else if (row.foreign === 'left-out' || row.foreign === 'no-district') expect(foreign.status).toBe(200);
    else expect(foreign.status, foreign.text).toBe(FOREIGN_STATUS[row.foreign]);
    expect(withoutAsked(foreign.text, row)).not.toMatch(/dengfeng|远方|far-cement|f-far|O-far/);
  });
});
