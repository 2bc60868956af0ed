/** What the endpoint consists of, and how it is put together. */
import type { Socket } from 'node:net';
import type { Client } from 'aedes';
import type { Credentials } from '../contracts/ports/credentials.ts';
import type { Log } from '../contracts/ports/log.ts';
import type { Tracer } from '../contracts/ports/tracer.ts';
import type { Registry } from '../contracts/registry/registry.ts';
import { AppendQueue } from './append-queue.ts';
import { ByteBudget } from './byte-budget.ts';
import { Connecting } from './connecting.ts';
import { CredentialCheck } from './credential-check.ts';
import { createQuietWarn, type EventLog } from './event-log.ts';
import { FrameGate } from './frame-gate.ts';
import { DEFAULT_LIMITS, type Limits } from './limits.ts';
import type { TlsFiles } from './listener.ts';
import { createIngestMetrics, type IngestMetrics, type RefusalReason } from './metrics.ts';
import { PublishOnlyBroker } from './publish-only-broker.ts';
import { Publishing } from './publishing.ts';
import { createReceivedClock } from './received-clock.ts';
import { Session } from './session.ts';
import { Sessions } from './sessions.ts';

export interface EndpointOptions {
  readonly log: Pick<Log, 'append'>;
  /** Read for each append: a changed registry takes effect with the next message. */
  readonly registry: () => Registry;
  /** Who may connect; left out only with `insecure`. */
  readonly credentials?: Pick<Credentials, 'verifyDevice' | 'findDevice' | 'listDevices'>;
  /** Anyone may publish under any report topic; on a loopback address only. */
  readonly insecure?: boolean;
  readonly host: string;
  /** 0 = any free one. */
  readonly port: number;
  readonly tls?: TlsFiles;
  readonly limits?: Partial<Limits>;
  readonly events: EventLog;
  readonly metrics?: IngestMetrics;
  /** Where the log has a lane for late reports: what is late, ms from its end to its receipt. */
  readonly lateAfterMs?: number;
  /** Receiver's clock, epoch ms; shared with the other writers of the log ({@link createReceivedClock}). */
  readonly now: () => number;
  /** Follows some of the messages, where somebody wants to see their way. */
  readonly tracer?: Tracer | undefined;
}

export interface Parts {
  readonly options: EndpointOptions;
  readonly limits: Limits;
  readonly metrics: IngestMetrics;
  readonly warn: (fields: object, event: string) => void;
  readonly sessions: Sessions;
  readonly waiting: ByteBudget;
  readonly begun: ByteBudget;
  readonly queue: AppendQueue;
  readonly check: CredentialCheck | undefined;
  readonly publishing: Publishing;
  readonly refused: (reason: RefusalReason, session: Session) => void;
}

export const monotonic = (): number => performance.now();

export function createParts(options: EndpointOptions): Parts {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const metrics = options.metrics ?? createIngestMetrics();
  const warn = createQuietWarn(options.events, monotonic);
  const sessions = new Sessions();
  const waiting = new ByteBudget(limits.waitingBytes, (used) => (metrics.waitingBytes = used));
  const begun = new ByteBudget(limits.begunBytes, (used) => (metrics.begunBytes = used));
  const queue = new AppendQueue({
    log: options.log,
    received: createReceivedClock(options.now),
    limits,
    metrics,
    failed: (err, messages) => warn({ err, messages }, 'ingest.append.refused'),
    monotonic,
  });
  const check =
    options.insecure === true || options.credentials === undefined
      ? undefined
      : new CredentialCheck({ credentials: options.credentials, limits, monotonic });
  const { registry, lateAfterMs, tracer } = options;
  const late = lateAfterMs === undefined ? {} : { lateAfterMs };
  const publishing = new Publishing({ sessions, queue, registry, waiting, metrics, monotonic, tracer, ...late });
  const refused = (reason: RefusalReason, session: Session): void => {
    metrics.refused[reason] += 1;
    const { address, credential } = session;
    warn({ reason, address, user: credential?.user }, `ingest.connection.refused-${reason}`);
  };
  return { options, limits, metrics, warn, sessions, waiting, begun, queue, check, publishing, refused };
}

/** What Aedes reports of a connection that it has closed. The gate and the hooks have counted theirs already. */
function aedesReason(error: Error): RefusalReason | undefined {
  if ('errorCode' in error || 'code' in error || error.message === 'connection closed') return undefined;
  if (error.message === 'keep alive timeout' || error.message === 'drain timeout') return 'silence';
  return error.message === 'connect did not arrive in time' ? 'connect-timeout' : 'protocol';
}

export function createBroker(parts: Parts): PublishOnlyBroker {
  const { limits, metrics, sessions, check, warn, publishing, refused } = parts;
  const connecting = new Connecting({ sessions, check, metrics, warn, silentMs: limits.silentMs, refused });
  const broker = new PublishOnlyBroker({
    connectTimeout: limits.connectMs,
    drainTimeout: limits.drainMs,
    preConnect: connecting.preConnect,
    authenticate: connecting.authenticate,
    authorizePublish: publishing.authorizePublish,
    acknowledged: publishing.acknowledged,
  });
  const failed = (client: Client, error: Error): void => {
    const reason = aedesReason(error);
    const session = sessions.of(client);
    if (reason === undefined || session === undefined) return;
    refused(reason, session);
    if (reason === 'protocol') publishing.recordFaulty(session);
  };
  broker.on('clientReady', (client) => sessions.of(client)?.open());
  broker.on('subscribe', () => (metrics.subscriptions += 1));
  broker.on('clientError', failed);
  broker.on('connectionError', failed);
  return broker;
}

export function accept(parts: Parts, broker: PublishOnlyBroker, socket: Socket): void {
  const { limits, waiting, begun, sessions, publishing, refused } = parts;
  const gate = new FrameGate(socket, {
    limits,
    waiting,
    begun,
    refuse: (reason) => session.refuseAfterAnswer(reason),
    refuseLong: (publish) => publishing.refuseLong(session, publish),
  });
  const session: Session = new Session({ socket, gate, limits, monotonic, refused });
  sessions.add(socket, session);
  broker.handle(socket);
}
