/** `stackwarden series`: what detection on Kafka made, into InfluxDB. */
import { runStage, type StageOptions, type StageStreams } from '../stages/run-stage.ts';
import { startSeriesStage } from '../stages/series-stage.ts';

export function runSeries({ config, json, ended }: StageOptions, streams: StageStreams): Promise<number> {
  return runStage({ name: 'series', json, ended }, streams, (logger) => startSeriesStage(config, logger));
}
