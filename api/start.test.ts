import { describe, expect, it } from 'vitest';
import { UnavailableError } from '../contracts/errors.ts';
import { createWorld } from '../tests/support/api-world.ts';
import { startApi } from './start.ts';

describe('the API on a port', () => {
  it('tells its address, answers there, and stops', async () => {
    const api = await startApi(createWorld().deps, { host: '127.0.0.1', port: 0 });
    expect(api.url).toBe(`http://127.0.0.1:${api.port}/`);
    const response = await fetch(`${api.url}health/live`);
    expect(await response.json()).toEqual({ live: true });
    await api.stop();
    await expect(fetch(`${api.url}health/live`)).rejects.toThrow();
  });
  it('that is in use is unavailable', async () => {
    const world = createWorld();
    const api = await startApi(world.deps, { host: '127.0.0.1', port: 0 });
    await expect(startApi(world.deps, { host: '127.0.0.1', port: api.port })).rejects.toThrow(UnavailableError);
    await api.stop();
  });
});
