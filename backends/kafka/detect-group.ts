/** Keeps a membership in the group of detectors: after a failure that may pass, another one. */
import { UnavailableError } from '../../contracts/errors.ts';
import { createDetectFigures, type DetectFigures, type PartitionFigures } from './detect-figures.ts';
import { DetectSession, type DetectSessionOptions } from './detect-session.ts';
import { keepMember } from './keep-member.ts';
import { openRegistryShelf } from './registry-shelf.ts';
import { ValueFile } from './value-file.ts';

export interface DetectGroupOptions extends Omit<DetectSessionOptions, 'figures' | 'shelf' | 'file' | 'onHealth'> {
  /** Entries of offsets after which it ends, so that whoever supervises it starts it anew; absent = never. */
  readonly mostOffsetEntries?: number;
}

export interface DetectGroup {
  readonly figures: DetectFigures;
  readonly partitions: () => readonly PartitionFigures[];
  /** Why nothing is worked on now; undefined while all is well. */
  readonly trouble: () => Error | undefined;
  /** Resolves with what it cannot go on for. */
  readonly failed: Promise<Error>;
  /** Idempotent. */
  close(): Promise<void>;
}

const WATCH_MS = 10_000;

function watchLeak(figures: DetectFigures, most: number | undefined, onFull: (error: Error) => void): () => void {
  if (most === undefined) return () => undefined;
  const watch = setInterval(() => {
    if (figures.commits.offsetEntries < most) return;
    onFull(
      new UnavailableError('the client of Kafka lost as much memory as it may: this process is to be started anew'),
    );
  }, WATCH_MS);
  watch.unref();
  return () => {
    clearInterval(watch);
  };
}

/** The membership of now, and why there is none. */
interface Membership {
  session: DetectSession | undefined;
  trouble: Error | undefined;
}

export function startDetectGroup({ mostOffsetEntries, ...options }: DetectGroupOptions): DetectGroup {
  const figures = createDetectFigures();
  const file = new ValueFile();
  const shelf = openRegistryShelf(options.module, options.settings);
  const closing = new AbortController();
  const now: Membership = { session: undefined, trouble: new UnavailableError('the connection is being made') };
  let fail: (error: Error) => void = () => undefined;
  const failed = new Promise<Error>((resolve) => {
    fail = resolve;
  });
  const unwatch = watchLeak(figures, mostOffsetEntries, (error) => {
    fail(error);
  });
  const open = (): DetectSession => {
    const onHealth = (trouble: Error | undefined): void => {
      now.trouble = trouble;
    };
    return (now.session = new DetectSession({ ...options, figures, shelf, file, onHealth }));
  };
  const onTrouble = (error: Error): void => {
    now.trouble = error;
    figures.restarts += 1;
    options.onTrouble(error);
  };
  const running = keepMember(open, onTrouble, closing.signal).catch((error: unknown) => {
    fail(error instanceof Error ? error : new Error(String(error)));
  });
  const close = async (): Promise<void> => {
    unwatch();
    closing.abort();
    now.session?.close();
    await running;
    file.close();
  };
  let closed: Promise<void> | undefined;
  return {
    figures,
    partitions: () => now.session?.partitions() ?? [],
    trouble: () => now.trouble,
    failed,
    close: () => (closed ??= close()),
  };
}
