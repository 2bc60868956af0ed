/** The part of the configuration that the InfluxDB backend works with. */
import type { InfluxSettings } from '../backends/influx/influx-settings.ts';
import { ConfigError } from '../contracts/errors.ts';
import type { Config } from './config.ts';

/** @throws ConfigError where the series are not in InfluxDB */
export function influxSettingsOf({ series, influxUrl, influxOrg, influxBucket, influxToken }: Config): InfluxSettings {
  if (series !== 'influx' || influxUrl === undefined || influxToken === undefined)
    throw new ConfigError(['this command writes InfluxDB: set series: influx, influxUrl and influxToken']);
  return { url: influxUrl, organisation: influxOrg, bucket: influxBucket, token: influxToken };
}
