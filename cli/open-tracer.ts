/** What follows reports, where the configuration names a collector for it. */
import type { OtelTracer } from '../backends/otel/otel-tracer.ts';
import type { Config } from './config.ts';
import { programVersion } from './version.ts';

interface WarningLog {
  warn(fields: object, event: string): void;
}

/**
 * The packages are loaded only where they are wanted.
 * @param stage name of the command
 * @returns nothing where nothing is followed
 */
export async function openTracer(
  { traces, tracesSharePercent }: Pick<Config, 'traces' | 'tracesSharePercent'>,
  stage: string,
  logger: WarningLog,
): Promise<OtelTracer | undefined> {
  if (traces === undefined) return undefined;
  const { openOtelTracer } = await import('../backends/otel/otel-tracer.ts');
  return openOtelTracer({
    url: traces,
    sharePercent: tracesSharePercent,
    service: { name: `stackwarden-${stage}`, version: programVersion() },
    refused: (error) => {
      logger.warn({ err: error.message }, 'traces.collector.refuses');
    },
  });
}
