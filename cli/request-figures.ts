/** Answered requests of an API, as counted by whoever composes it. */
import { Counter, Histogram, type Registry } from 'prom-client';
import type { Served } from '../api/deps.ts';
import { PUBACK_BOUNDS_MS } from '../ingest/metrics.ts';

/** @returns to be told of each request */
export function countRequests(registry: Registry): (request: Served) => void {
  const requests = new Counter({
    name: 'stackwarden_api_requests_total',
    help: 'answered requests',
    labelNames: ['method', 'route', 'status'],
    registers: [registry],
  });
  const duration = new Histogram({
    name: 'stackwarden_api_request_duration_ms',
    help: 'time to the answer, ms',
    labelNames: ['route'],
    buckets: [...PUBACK_BOUNDS_MS],
    registers: [registry],
  });
  return ({ method, route, status, ms }) => {
    requests.inc({ method, route, status: String(status) });
    duration.observe({ route }, ms);
  };
}
