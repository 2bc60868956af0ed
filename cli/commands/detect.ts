/** `stackwarden detect`: detection on Kafka, as many processes as wanted. */
import { startDetectStage } from '../stages/detect-stage.ts';
import { runStage, type StageOptions, type StageStreams } from '../stages/run-stage.ts';

export function runDetect({ config, json, ended }: StageOptions, streams: StageStreams): Promise<number> {
  return runStage({ name: 'detect', json, ended }, streams, (logger) => startDetectStage(config, logger));
}
