/** `stackwarden series`: what detection on Kafka made, into InfluxDB. */
import type { Config } from '../config.ts';
import { runStage, type StageStreams } from '../stages/run-stage.ts';
import { startSeriesStage } from '../stages/series-stage.ts';

export interface SeriesCommand {
  readonly config: Config;
  readonly json: boolean;
  readonly ended: Promise<void>;
}

export function runSeries({ config, json, ended }: SeriesCommand, streams: StageStreams): Promise<number> {
  return runStage({ name: 'series', json, ended }, streams, (logger) => startSeriesStage(config, logger));
}
