/** `stackwarden api`: the API on Kafka, as many processes as wanted. */
import { startApiStage } from '../stages/api-stage.ts';
import { runStage, type StageOptions, type StageStreams } from '../stages/run-stage.ts';

export function runApi({ config, json, ended }: StageOptions, streams: StageStreams): Promise<number> {
  return runStage({ name: 'api', json, ended }, streams, (logger) => startApiStage({ config, logger }));
}
