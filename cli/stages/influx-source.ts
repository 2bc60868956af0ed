/** Where the API reads values that are in InfluxDB. */
import { InfluxSeriesStore } from '../../backends/influx/influx-series-store.ts';
import { UnavailableError } from '../../contracts/errors.ts';
import type { Config } from '../config.ts';
import { influxSettingsOf } from '../influx-settings-of.ts';
import type { SeriesSource } from './read-model-parts.ts';

const PING_MS = 3_000;

async function ping(url: string): Promise<void> {
  const address = new URL('/ping', url);
  try {
    const { ok, status } = await fetch(address, { signal: AbortSignal.timeout(PING_MS) });
    if (!ok) throw new UnavailableError(`InfluxDB at ${url} answers ${String(status)}`);
  } catch (error) {
    if (error instanceof UnavailableError) throw error;
    throw new UnavailableError(`InfluxDB at ${url} does not answer: ${String(error)}`, { cause: error });
  }
}

/** @throws ConfigError where the series are not in InfluxDB */
export function openInfluxSource(config: Config): SeriesSource {
  const settings = influxSettingsOf(config);
  const store = new InfluxSeriesStore(settings);
  return {
    series: (query) => store.series(query),
    latest: (site) => store.latest(site),
    ping: () => ping(settings.url),
    close: () => Promise.resolve(),
  };
}
