/** `stackwarden detect`: detection on Kafka, as many processes as wanted. */
import type { Config } from '../config.ts';
import { startDetectStage } from '../stages/detect-stage.ts';
import { runStage, type StageStreams } from '../stages/run-stage.ts';

export interface DetectCommand {
  readonly config: Config;
  readonly json: boolean;
  readonly ended: Promise<void>;
}

export function runDetect({ config, json, ended }: DetectCommand, streams: StageStreams): Promise<number> {
  return runStage({ name: 'detect', json, ended }, streams, (logger) => startDetectStage(config, logger));
}
