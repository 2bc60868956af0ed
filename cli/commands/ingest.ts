/** `stackwarden ingest`: reports from devices or a broker into the log on Kafka, as many processes as wanted. */
import type { Config } from '../config.ts';
import { startIngestStage } from '../stages/ingest-stage.ts';
import { runStage, type StageStreams } from '../stages/run-stage.ts';

export interface IngestCommand {
  readonly config: Config;
  readonly json: boolean;
  readonly ended: Promise<void>;
}

export function runIngest({ config, json, ended }: IngestCommand, streams: StageStreams): Promise<number> {
  return runStage({ name: 'ingest', json, ended }, streams, (logger) => startIngestStage(config, logger));
}
