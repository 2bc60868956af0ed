import { describe, expect, it } from 'vitest';
import { UnavailableError } from '../../contracts/errors.ts';
import { runStage, type RunningStage } from './run-stage.ts';

function collected(): { out: { write(text: string): void }; err: { write(text: string): void }; text(): string } {
  let text = '';
  const out = {
    write: (more: string): void => {
      text += more;
    },
  };
  return { out, err: out, text: () => text };
}

function stageOf(parts: Partial<RunningStage> = {}): RunningStage {
  return {
    addresses: { http: 8081, mqttUrl: 'mqtt://127.0.0.1:1883' },
    failed: new Promise(() => {}),
    stop: async () => undefined,
    ...parts,
  };
}

const never = new Promise<void>(() => {});

describe('a stage as a process', () => {
  it('says that it is ready in one line of JSON, stops when asked, and leaves with 0', async () => {
    const streams = collected();
    let ask = (): void => undefined;
    const ended = new Promise<void>((resolve) => {
      ask = resolve;
    });
    let isStopped = false;
    const stop = async (): Promise<void> => {
      isStopped = true;
    };
    const code = runStage({ name: 'ingest', json: true, ended }, streams, async () => stageOf({ stop }));
    await expect.poll(() => streams.text()).not.toBe('');
    expect(JSON.parse(streams.text())).toEqual({
      ready: true,
      stage: 'ingest',
      http: 8081,
      mqttUrl: 'mqtt://127.0.0.1:1883',
    });
    expect(isStopped).toBe(false);
    ask();
    expect([await code, isStopped]).toEqual([0, true]);
  });

  it('says it to people in lines', async () => {
    const streams = collected();
    await runStage({ name: 'ingest', json: false, ended: Promise.resolve() }, streams, async () => stageOf());
    expect(streams.text()).toBe('ready    ingest\nhttp     8081\nmqttUrl  mqtt://127.0.0.1:1883\n');
  });

  it('that cannot go on is stopped and ends with why, also where stopping fails', async () => {
    const failed = Promise.resolve(new UnavailableError('another process has its place'));
    const stop = async (): Promise<void> => {
      throw new Error('nothing left to close');
    };
    const run = runStage({ name: 'x', json: true, ended: never }, collected(), async () => stageOf({ failed, stop }));
    await expect(run).rejects.toThrow('another process has its place');
  });

  it('that cannot start ends with why', async () => {
    const streams = collected();
    const run = runStage({ name: 'x', json: true, ended: never }, streams, async () => {
      throw new UnavailableError('Kafka does not answer');
    });
    await expect(run).rejects.toThrow('Kafka does not answer');
    expect(streams.text()).toBe('');
  });
});
