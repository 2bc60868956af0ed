/** `stackwarden api`: the API on Kafka, as many processes as wanted. */
import type { Config } from '../config.ts';
import { startApiStage } from '../stages/api-stage.ts';
import { runStage, type StageStreams } from '../stages/run-stage.ts';

export interface ApiCommand {
  readonly config: Config;
  readonly json: boolean;
  readonly ended: Promise<void>;
}

export function runApi({ config, json, ended }: ApiCommand, streams: StageStreams): Promise<number> {
  return runStage({ name: 'api', json, ended }, streams, (logger) => startApiStage({ config, logger }));
}
