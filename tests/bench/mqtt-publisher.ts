/**
 * A process that publishes as many reports as it can over plain sockets, so that its processor time is not the
 * server's. Started by mqtt-log.ts; speaks to it by messages.
 */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connectFrame, publishFrame } from '../support/publish-frame.ts';

export interface PublisherTask {
  readonly host: string;
  readonly port: number;
  readonly clients: number;
  /** Unacknowledged messages of one client. */
  readonly inFlight: number;
  /** Of all clients together. */
  readonly messages: number;
  /** Topic of each client and its payload, `{i}` in them is the number of the client. */
  readonly topic: string;
  readonly payload: string;
}

const PUBACK_BYTES = 4;

interface Publisher {
  readonly ready: Promise<void>;
  run(messages: number): Promise<void>;
  close(): void;
}

function createPublisher(task: PublisherTask, index: number): Publisher {
  const number = String(index);
  const topic = task.topic.replaceAll('{i}', number);
  const payload = task.payload.replaceAll('{i}', number);
  const frames = Array.from({ length: task.inFlight }, (_, id) => publishFrame(topic, payload, id + 1));
  const socket: Socket = connect({ host: task.host, port: task.port, noDelay: true });
  socket.write(connectFrame({ clientId: `bench-${number}` }));
  let open: (() => void) | undefined;
  const ready = new Promise<void>((resolve) => {
    open = resolve;
  });
  let connected = false;
  let bytes = 0;
  let left = 0;
  let waiting = 0;
  let done: (() => void) | undefined;
  socket.on('data', (chunk: Buffer) => {
    if (!connected) {
      connected = true;
      open?.();
      return;
    }
    bytes += chunk.length;
    const acks = Math.floor(bytes / PUBACK_BYTES);
    bytes -= acks * PUBACK_BYTES;
    waiting -= acks;
    const next = Math.min(acks, left);
    left -= next;
    waiting += next;
    if (next > 0) socket.write(Buffer.concat(frames.slice(0, next)));
    if (waiting === 0) done?.();
  });
  return {
    ready,
    run: (messages) =>
      new Promise((resolve) => {
        done = resolve;
        const first = Math.min(messages, task.inFlight);
        left = messages - first;
        waiting = first;
        socket.write(Buffer.concat(frames.slice(0, first)));
      }),
    close: () => {
      socket.destroy();
    },
  };
}

async function run(task: PublisherTask): Promise<void> {
  const publishers = Array.from({ length: task.clients }, (_, index) => createPublisher(task, index));
  await Promise.all(publishers.map(({ ready }) => ready));
  process.send?.('ready');
  await once(process, 'message');
  const each = Math.floor(task.messages / task.clients);
  await Promise.all(publishers.map((publisher) => publisher.run(each)));
  process.send?.('done');
  for (const publisher of publishers) publisher.close();
  process.disconnect?.();
}

await run(JSON.parse(process.argv[2] ?? '{}') as PublisherTask);
