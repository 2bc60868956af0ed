/** A sender with an outbox of its own: what is not acknowledged is sent again, to whoever listens next. */
import { openLine, type DeviceLine } from './device-line.ts';
import type { StreamMessage, StreamStep } from './kill-stream.ts';

export interface Outbox {
  /** Sends until the line breaks or everything is acknowledged; calls back after each PUBACK. */
  sendTo(url: string, onAcknowledged: () => void): Promise<void>;
  isEmpty(): boolean;
  /** How often each report was acknowledged and handed to the line, by `device report`. */
  readonly acknowledged: ReadonlyMap<string, number>;
  readonly sent: ReadonlyMap<string, number>;
}

export const reportKey = (device: string, report: string): string => `${device} ${report}`;

function note(counts: Map<string, number>, { device, reports }: StreamMessage): void {
  for (const report of reports) counts.set(reportKey(device, report), (counts.get(reportKey(device, report)) ?? 0) + 1);
}

async function openLines(url: string, devices: ReadonlySet<string>): Promise<ReadonlyMap<string, DeviceLine>> {
  const options = { connectTimeout: 5_000 };
  return new Map(
    await Promise.all([...devices].map(async (device) => [device, await openLine(url, device, options)] as const)),
  );
}

export function createOutbox(steps: readonly StreamStep[]): Outbox {
  const devices = new Set(steps.flatMap((step) => step.map(({ device }) => device)));
  const acknowledged = new Map<string, number>();
  const sent = new Map<string, number>();
  let next = 0;
  let waiting: StreamMessage[] = [];
  let tell: () => void = () => undefined;

  const sendOne = async (line: DeviceLine | undefined, message: StreamMessage): Promise<void> => {
    note(sent, message);
    await line?.sendRaw(message.reports.length === 1 ? (message.reports[0] ?? '') : `[${message.reports.join(',')}]`);
    note(acknowledged, message);
    waiting.splice(waiting.indexOf(message), 1);
    tell();
  };
  const sendStep = async (lines: ReadonlyMap<string, DeviceLine>): Promise<boolean> => {
    if (waiting.length === 0) {
      waiting = [...(steps[next] ?? [])];
      next += 1;
    }
    const outcomes = await Promise.allSettled(
      [...waiting].map((message) => sendOne(lines.get(message.device), message)),
    );
    return outcomes.every(({ status }) => status === 'fulfilled');
  };
  const isEmpty = (): boolean => waiting.length === 0 && next >= steps.length;
  return {
    acknowledged,
    sent,
    isEmpty,
    async sendTo(url, onAcknowledged) {
      tell = onAcknowledged;
      const lines = await openLines(url, devices);
      // A line that breaks says so by failing what is on the way.
      while (!isEmpty() && (await sendStep(lines)));
      await Promise.all([...lines.values()].map((line) => line.close()));
    },
  };
}
