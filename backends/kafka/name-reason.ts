/** What the client writes into its log while it tries to connect: the error of the call itself never says more than "transport failure". */
import { UnavailableError } from '../../contracts/errors.ts';
import { HungClientError } from './settle.ts';

interface LoggedEvent {
  readonly message?: string;
}

/** Of a client, what is listened to. */
export interface LoggingClient {
  on(event: 'event.log', listener: (event: LoggedEvent) => void): unknown;
  removeListener(event: 'event.log', listener: (event: LoggedEvent) => void): unknown;
}

/** Without the thread's name before it and the moment behind it. */
function bare(message: string): string {
  return message.replace(/^\[thrd:[^\]]*\]:\s*/, '').replace(/\s*\(after \d+ms in state .*\)\s*$/, '');
}

/** @throws what `connect` throws; an UnavailableError with the last thing that the client complained of */
export async function withReason<T>(client: LoggingClient, connect: () => Promise<T>): Promise<T> {
  let complaint: string | undefined;
  const listen = ({ message }: LoggedEvent): void => {
    complaint = message ?? complaint;
  };
  client.on('event.log', listen);
  try {
    return await connect();
  } catch (error) {
    const isPlain = error instanceof UnavailableError && !(error instanceof HungClientError);
    if (!isPlain || complaint === undefined) throw error;
    throw new UnavailableError(`${error.message}: ${bare(complaint)}`, { cause: error.cause ?? error });
  } finally {
    client.removeListener('event.log', listen);
  }
}
