/** The healthcheck of the containers: good only where the stage says that it is ready. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { Readiness } from '../../api/deps.ts';
import { startStageServer } from '../../cli/stages/stage-server.ts';

const SCRIPT = join(import.meta.dirname, '../../deploy/container/is-ready.mjs');

async function checked(port: number): Promise<number | null> {
  const child = spawn(process.execPath, [SCRIPT, String(port)], { stdio: 'ignore' });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code;
}

it('is good while the stage is ready, and bad while it is not or is not there', async () => {
  let readiness: Readiness = { ready: true, checks: [] };
  const options = { host: '127.0.0.1', port: 0, metricsText: async () => '' };
  const server = await startStageServer({ ...options, readiness: async () => readiness });
  onTestFinished(() => server.stop());
  expect(await checked(server.port)).toBe(0);
  readiness = { ready: false, checks: [{ name: 'kafka', ok: false }] };
  expect(await checked(server.port)).toBe(1);
  await server.stop();
  expect(await checked(server.port)).toBe(1);
});
