/** How long a report takes until its finding can be read: an hour that one report makes hopeless. */
import { setTimeout as pause } from 'node:timers/promises';
import { connectAsync, type MqttClient } from 'mqtt';
import { Desks } from './desks.ts';
import type { CityFolder } from './city-folder.ts';
import type { Server } from './city-processes.ts';
import { PROBE_LIMIT, probeSite } from './city-registry.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const RULE = 'limit.forecast';
/** Even with nothing for the rest of it, the hour's mean is above its limit. */
const HOPELESS = PROBE_LIMIT * 100;
const LEVEL = PROBE_LIMIT / 2;
const PRODUCTION_KW = 800;
/** Between what the site had stored and the report that is timed. */
const SETTLE_MS = 5_000;
/** How exactly a finding's moment is seen; later less often, so that the key's share of requests lasts. */
const LOOK_EVERY_MS = 15;
const LOOK_LATER_EVERY_MS = 250;
const IMPATIENT_AFTER_MS = 1_500;
const LOST_AFTER_MS = 60_000;

export interface ProbeTimes {
  /** From sending to the PUBACK. */
  readonly acknowledgedMs: number;
  /** From sending to an answer of the API that has the finding. */
  readonly readableMs: number;
}

interface ProbeReport {
  readonly ts: number;
  readonly values: Readonly<Record<string, number>>;
  readonly resent?: boolean;
}

export class Probe {
  readonly #client: MqttClient;
  readonly #desks: Desks;
  #sent = 0;

  private constructor(client: MqttClient, desks: Desks) {
    this.#client = client;
    this.#desks = desks;
  }

  static async connect({ mqttUrl, page }: Server, { probeLogin, probeKey }: CityFolder): Promise<Probe> {
    const { user, password } = probeLogin;
    const client = await connectAsync(mqttUrl, { username: user, password, clientId: 'probe' });
    return new Probe(client, new Desks(page, [probeKey]));
  }

  /** Reports so far, those before the timed ones too. */
  get sent(): number {
    return this.#sent;
  }

  async close(): Promise<void> {
    await this.#client.endAsync();
  }

  /** Once a site: the hour so far as its logger had it stored, then the report. @throws where no finding comes */
  async run(index: number): Promise<ProbeTimes> {
    const site = probeSite(index);
    const now = Date.now();
    for (let at = now - (now % HOUR_MS); at + MINUTE_MS <= now; at += MINUTE_MS) {
      await this.#publish(site, 'm-prod', { ts: at, values: { power: PRODUCTION_KW }, resent: true });
      await this.#publish(site, 'cems-1', { ts: at, values: { nox: LEVEL }, resent: true });
    }
    await pause(SETTLE_MS);
    const ts = Date.now();
    await this.#publish(site, 'm-prod', { ts, values: { power: PRODUCTION_KW } });
    const begin = performance.now();
    const acknowledged = this.#publish(site, 'cems-1', { ts, values: { nox: HOPELESS } });
    const acknowledgedMs = acknowledged.then(() => performance.now() - begin);
    const readableMs = await this.#untilReadable(site, begin);
    return { acknowledgedMs: await acknowledgedMs, readableMs };
  }

  async #untilReadable(site: string, begin: number): Promise<number> {
    for (;;) {
      const { items } = await this.#desks.ask<{ items: unknown[] }>(`/api/v1/findings?site=${site}&rule=${RULE}`);
      const elapsed = performance.now() - begin;
      if (items.length > 0) return elapsed;
      if (elapsed > LOST_AFTER_MS) throw new Error(`the report of ${site} made no finding of ${RULE}`);
      await pause(elapsed < IMPATIENT_AFTER_MS ? LOOK_EVERY_MS : LOOK_LATER_EVERY_MS);
    }
  }

  async #publish(site: string, device: string, report: ProbeReport): Promise<void> {
    const payload = JSON.stringify({ ...report, ts: new Date(report.ts).toISOString() });
    await this.#client.publishAsync(`stackwarden/v1/${site}/${device}/report`, payload, { qos: 1 });
    this.#sent += 1;
  }
}
