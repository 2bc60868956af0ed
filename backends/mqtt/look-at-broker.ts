/** What a broker grants to a connection of ours; nothing is subscribed, and nothing is left there. */
import { randomUUID } from 'node:crypto';
import { connect, type IClientOptions, type IConnackPacket } from 'mqtt';
import { KEPT_SECONDS } from './broker-slot.ts';

export interface BrokerFacts {
  /** Why there is no connection. */
  readonly trouble: string | undefined;
  /** How long it keeps what comes for a process that is away, in seconds. */
  readonly keptSeconds: number;
  /** Messages that it takes from us before it acknowledges one. */
  readonly receiveMaximum: number;
  readonly highestQos: number;
  readonly hasSharedSubscriptions: boolean;
}

export interface LookAtBrokerOptions {
  readonly url: string;
  /** In front of the name of the connection, which no other has. */
  readonly group: string;
  readonly tls: Pick<IClientOptions, 'key' | 'cert' | 'ca'>;
  readonly timeoutMs: number;
}

/** What holds where the broker does not say. */
const MOST = 65_535;
const AT_LEAST_ONCE = 1;
const HIGHEST = 2;
const GOODBYE_MS = 500;
const UNSUPPORTED_VERSIONS: ReadonlySet<number> = new Set([1, 0x84]);

function nothing(trouble: string): BrokerFacts {
  return { trouble, keptSeconds: 0, receiveMaximum: 0, highestQos: AT_LEAST_ONCE, hasSharedSubscriptions: false };
}

function granted({ properties = {} }: IConnackPacket): BrokerFacts {
  return {
    trouble: undefined,
    keptSeconds: properties.sessionExpiryInterval ?? KEPT_SECONDS,
    receiveMaximum: properties.receiveMaximum ?? MOST,
    highestQos: properties.maximumQoS ?? HIGHEST,
    hasSharedSubscriptions: properties.sharedSubscriptionAvailable ?? true,
  };
}

function reasonOf(error: Error & { readonly code?: number | string }): string {
  if (typeof error.code === 'number' && UNSUPPORTED_VERSIONS.has(error.code)) return 'it does not speak MQTT 5';
  return error.message === '' ? String(error.code ?? error.name) : error.message;
}

export function lookAtBroker({ url, group, tls, timeoutMs }: LookAtBrokerOptions): Promise<BrokerFacts> {
  return new Promise((resolve) => {
    const client = connect(url, {
      ...tls,
      protocolVersion: 5,
      clientId: `${group}-doctor-${randomUUID()}`,
      clean: true,
      properties: { sessionExpiryInterval: KEPT_SECONDS },
      connectTimeout: timeoutMs,
      reconnectPeriod: 0,
    });
    let isTold = false;
    const tell = (facts: BrokerFacts): void => {
      if (isTold) return;
      isTold = true;
      clearTimeout(timer);
      // What is asked for is not kept: this name never comes again.
      client.end(facts.trouble !== undefined, { reasonCode: 0, properties: { sessionExpiryInterval: 0 } });
      // A broker that hangs from now on does not hold us.
      setTimeout(() => client.end(true), GOODBYE_MS).unref();
      resolve(facts);
    };
    const timer = setTimeout(() => {
      tell(nothing('it takes connections and does not answer'));
    }, timeoutMs);
    client.on('connect', (packet) => {
      tell(granted(packet));
    });
    client.on('error', (error) => {
      tell(nothing(reasonOf(error)));
    });
    client.on('close', () => {
      tell(nothing('it closed the connection'));
    });
  });
}
