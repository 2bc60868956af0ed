/** `stackwarden ingest`: reports from devices or a broker into the log on Kafka, as many processes as wanted. */
import { startIngestStage } from '../stages/ingest-stage.ts';
import { runStage, type StageOptions, type StageStreams } from '../stages/run-stage.ts';

export function runIngest({ config, json, ended }: StageOptions, streams: StageStreams): Promise<number> {
  return runStage({ name: 'ingest', json, ended }, streams, (logger) => startIngestStage(config, logger));
}
