/** Looks through the whole database once a night, in a thread of its own, while the system runs. */
import { startCheck, type RunningCheck } from '../backends/sqlite/check-client.ts';
import type { Registry } from '../contracts/registry/registry.ts';
import { MINUTE_MS } from '../contracts/time/instant.ts';
import type { StoreWatch } from './store-health.ts';

const LOOK_EVERY_MS = 10 * MINUTE_MS;
/** Between three and four in the morning, when nobody is asking. */
const FROM_MINUTE = 180;
const TO_MINUTE = 240;

interface CheckLog {
  error(fields: object, event: string): void;
  warn(fields: object, event: string): void;
}

export interface NightlyCheckOptions {
  readonly registry: () => Registry;
  readonly watch: StoreWatch;
  readonly logger: CheckLog;
}

/** @returns what stops it */
export function checkNightly(folder: string, { registry, watch, logger }: NightlyCheckOptions): () => Promise<void> {
  let running: RunningCheck | undefined;
  let lastNight = Number.NaN;
  const look = async (): Promise<void> => {
    const { time } = registry();
    const now = Date.now();
    const minute = time.minuteOfDay(now);
    const night = time.dayStart(now);
    if (running !== undefined || minute < FROM_MINUTE || minute >= TO_MINUTE || night === lastNight) return;
    lastNight = night;
    try {
      running = startCheck(folder);
      const faults = await running.faults;
      watch.lastCheck = { at: Date.now(), faults };
      if (faults.length > 0) logger.error({ faults }, 'store.check.damaged');
    } catch (err) {
      logger.warn({ err }, 'store.check.broke-off');
    }
    running = undefined;
  };
  const timer = setInterval(() => void look(), LOOK_EVERY_MS);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await running?.stop();
  };
}
