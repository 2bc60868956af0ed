/**
 * Who may do what: the single source. A route without an entry here cannot be registered.
 *
 * `admin` runs the installation, `operator` runs its machinery, `watch` sits at the desk of the centre, `district`
 * is an officer of one sub-bureau 分局, `analyst` reads and never writes.
 */
import { ROLES, type Role } from '../contracts/ports/credentials.ts';

export interface Permission {
  /** Empty: for everyone, without a key. */
  readonly roles: readonly Role[];
  /** What a key limited to districts gets: its own part, or nothing because the thing belongs to no district. */
  readonly limited: 'own' | 'refused';
}

const may = (roles: readonly Role[], limited: Permission['limited']): Permission => ({ roles, limited });

const EVERYONE = may([], 'own');
const READERS = may(ROLES, 'own');
const RUNNERS: readonly Role[] = ['admin', 'operator'];

export const PERMISSIONS: Readonly<Record<string, Permission>> = {
  'GET /': EVERYONE,
  'GET /problems/:code': EVERYONE,
  'GET /health/live': EVERYONE,
  'GET /health/ready': EVERYONE,
  'GET /metrics': EVERYONE,
  'GET /api/v1/health/live': EVERYONE,
  'GET /api/v1/health/ready': EVERYONE,
  'GET /api/v1/metrics': EVERYONE,
  'GET /api/v1/openapi.json': EVERYONE,
  'GET /api/v1/schemas': EVERYONE,
  'GET /api/v1/schemas/:name': EVERYONE,

  'GET /api/v1/sites': READERS,
  'GET /api/v1/sites/:site': READERS,
  'GET /api/v1/sites/:site/latest': READERS,
  'GET /api/v1/sites/:site/signals/:device.:signal/data': READERS,
  'GET /api/v1/means': READERS,
  'GET /api/v1/findings': READERS,
  'GET /api/v1/findings/:id': READERS,
  'GET /api/v1/findings/:id/revisions': READERS,
  'GET /api/v1/rules': READERS,
  'GET /api/v1/rules/:id': READERS,
  'GET /api/v1/events/stream': READERS,

  'GET /api/v1/orders': READERS,
  'GET /api/v1/orders/:id': READERS,
  'POST /api/v1/orders': may(RUNNERS, 'own'),
  'PUT /api/v1/orders/:id': may(RUNNERS, 'own'),
  'GET /api/v1/marks': READERS,
  'POST /api/v1/marks': may(['admin', 'operator', 'watch', 'district'], 'own'),

  'GET /api/v1/dead-letters': may(['admin', 'operator', 'watch', 'analyst'], 'own'),
  'GET /api/v1/dead-letters/:id': may(['admin', 'operator', 'watch', 'analyst'], 'own'),
  'POST /api/v1/dead-letters/:id/redrive': may(RUNNERS, 'own'),
  'GET /api/v1/registry': READERS,
  'PUT /api/v1/registry': may(RUNNERS, 'refused'),
  'GET /api/v1/credentials': may(RUNNERS, 'own'),
  'POST /api/v1/credentials': may(RUNNERS, 'own'),
  'DELETE /api/v1/credentials/:user': may(RUNNERS, 'own'),
  'GET /api/v1/keys': may(['admin'], 'refused'),
  'POST /api/v1/keys': may(['admin'], 'refused'),
  'DELETE /api/v1/keys/:id': may(['admin'], 'refused'),
};

/** The entry of a route. `HEAD` is `GET` without the body. */
export function permissionOf(method: string, route: string): Permission | undefined {
  return PERMISSIONS[`${method === 'HEAD' ? 'GET' : method} ${route}`];
}

/** Who may see a kind of change in the live stream: whoever may read the resource it is about. */
export const CHANGE_ROUTES = {
  finding: 'GET /api/v1/findings',
  order: 'GET /api/v1/orders',
  mark: 'GET /api/v1/marks',
  registry: 'GET /api/v1/registry',
  'dead-letter': 'GET /api/v1/dead-letters',
} as const;
