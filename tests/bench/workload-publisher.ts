/**
 * A process that publishes a workload's reports over plain sockets as fast as they are acknowledged, a site always
 * over the same connection and in order. Argument: a {@link WorkloadTask} as JSON.
 */
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { connectFrame, publishFrame } from '../support/publish-frame.ts';
import { workloadMinutes, type Workload } from './workload.ts';

export interface WorkloadTask extends Workload {
  readonly port: number;
  readonly clients: number;
  /** Unacknowledged messages of one client. */
  readonly inFlight: number;
  /** Reports a second in all; absent = as fast as they are acknowledged. */
  readonly perSecond?: number;
  /** Reports say nothing of having been stored. */
  readonly isLive?: boolean;
}

const PUBACK_BYTES = 4;
const TURN_MS = 50;

interface Lane {
  readonly socket: Socket;
  readonly queue: Buffer[];
  waiting: number;
  id: number;
  bytes: number;
}

function createLane(task: WorkloadTask, index: number, onAck: () => void): Lane {
  const socket = connect({ host: '127.0.0.1', port: task.port, noDelay: true });
  const lane: Lane = { socket, queue: [], waiting: 0, id: 0, bytes: -PUBACK_BYTES };
  socket.write(connectFrame({ clientId: `workload-${index}` }));
  socket.on('data', (chunk: Buffer) => {
    lane.bytes += chunk.length;
    const acks = Math.max(0, Math.floor(lane.bytes / PUBACK_BYTES));
    lane.bytes -= acks * PUBACK_BYTES;
    lane.waiting -= acks;
    flush(lane, task.inFlight);
    onAck();
  });
  return lane;
}

function flush(lane: Lane, inFlight: number): void {
  const room = Math.min(inFlight - lane.waiting, lane.queue.length);
  if (room <= 0) return;
  lane.waiting += room;
  lane.socket.write(Buffer.concat(lane.queue.splice(0, room)));
}

function enqueue(lane: Lane, line: string, isLive: boolean): void {
  const report = JSON.parse(line) as { site: string; device: string };
  const { site, device, ...rest } = report;
  lane.id = (lane.id % 65_535) + 1;
  lane.queue.push(
    publishFrame(
      `stackwarden/v1/${site}/${device}/report`,
      JSON.stringify(isLive ? rest : { ...rest, resent: true }),
      lane.id,
    ),
  );
}

interface Pace {
  /** Waits where more was sent than the rate allows. */
  keep(sent: number): Promise<void>;
}

function createPace(perSecond: number | undefined, flushAll: () => void): Pace {
  const begin = performance.now();
  const turn = Math.max(1, Math.round(((perSecond ?? 0) * TURN_MS) / 1_000));
  return {
    async keep(sent) {
      if (perSecond === undefined || sent % turn !== 0) return;
      flushAll();
      const aheadMs = (sent * 1_000) / perSecond - (performance.now() - begin);
      if (aheadMs > 0) await pause(aheadMs);
    },
  };
}

async function run(task: WorkloadTask): Promise<number> {
  let wake: () => void = () => undefined;
  const lanes = Array.from({ length: task.clients }, (_, index) =>
    createLane(task, index, () => {
      wake();
    }),
  );
  const changed = (): Promise<void> =>
    new Promise((resolve) => {
      wake = resolve;
    });
  const flushAll = (): void => {
    for (const lane of lanes) flush(lane, task.inFlight);
  };
  const pace = createPace(task.perSecond, flushAll);
  const open = (): number => lanes.reduce((sum, lane) => sum + lane.queue.length + lane.waiting, 0);
  let sent = 0;
  for (const text of workloadMinutes(task)) {
    const lines = text.trimEnd().split('\n');
    for (const [index, line] of lines.entries()) {
      const lane = lanes[Math.floor(index / 4) % lanes.length];
      if (lane !== undefined) enqueue(lane, line, task.isLive === true);
      sent += 1;
      await pace.keep(sent);
    }
    flushAll();
    while (task.perSecond === undefined && open() > task.clients * task.inFlight * 4) await changed();
  }
  while (open() > 0) await changed();
  for (const { socket } of lanes) socket.end();
  return sent;
}

const sent = await run(JSON.parse(process.argv[2] ?? '{}') as WorkloadTask);
process.stdout.write(`${JSON.stringify({ sent })}\n`);
