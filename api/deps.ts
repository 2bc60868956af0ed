/** What the API is given. It makes none of these itself. */
import type { FastifyBaseLogger } from 'fastify';
import type { Rejection } from '../contracts/errors.ts';
import type { Credentials } from '../contracts/ports/credentials.ts';
import type { DeadLetter } from '../contracts/ports/detection-store.ts';
import type { Log } from '../contracts/ports/log.ts';
import type { ReadModel } from '../contracts/ports/read-model.ts';
import type { Problem as RegistryProblem } from '../contracts/registry/problem.ts';
import type { RegistryText } from '../contracts/registry/read-registry.ts';
import type { Registry } from '../contracts/registry/registry.ts';
import type { Result } from '../contracts/result.ts';

/** A logger as pino makes them. */
export type ApiLogger = FastifyBaseLogger;

/** A registry that was put into force. */
export interface ImportedRegistry {
  readonly version: string;
  /** Worth a look; they kept nothing from working. */
  readonly warnings?: readonly RegistryProblem[];
}

/** What became of a dead letter that was sent through ingest again. */
export interface RedriveOutcome {
  /** Reports of it that are now in the log; repeats are without effect and count as well. */
  readonly accepted: number;
  /** What was refused once more; each of them is a dead letter again. */
  readonly rejections: readonly Rejection[];
}

export interface ReadinessCheck {
  readonly name: string;
  readonly ok: boolean;
  readonly detail?: string;
}

export interface Readiness {
  readonly ready: boolean;
  readonly checks: readonly ReadinessCheck[];
}

/** One answered request, for the metrics of whoever composes. `route` is the pattern, never the path. */
export interface Served {
  readonly method: string;
  readonly route: string;
  readonly status: number;
  readonly ms: number;
}

export interface ApiDeps {
  readonly readModel: ReadModel;
  /** Name of the copy that numbers the changes, where other processes number theirs by themselves. */
  readonly changeSet?: string;
  /** Resolves when the entries are durable. */
  readonly log: Pick<Log, 'append'>;
  readonly credentials: Credentials;
  /** The registry in force now. */
  readonly registry: () => Registry;
  /** Checks the files as one registry and puts them into force; absent where this process cannot. */
  readonly importRegistry?: (
    files: readonly RegistryText[],
    by: string,
  ) => Promise<Result<ImportedRegistry, readonly RegistryProblem[]>>;
  readonly redrive: (deadLetter: DeadLetter, by: string) => Promise<RedriveOutcome>;
  /** No key is needed and everyone is an admin. For trying out, on the loopback only: the host name is checked. */
  readonly insecure: boolean;
  /** The receiver's clock in epoch ms; what is appended to the log is stamped with it. */
  readonly now: () => number;
  readonly logger: ApiLogger;
  readonly metricsText: () => Promise<string>;
  readonly readiness: () => Promise<Readiness>;
  /** Calls back when there may be new changes to read; without it the change feed looks every `changePollMs`. */
  readonly onChange?: (wake: () => void) => () => void;
  readonly onServed?: (served: Served) => void;
  readonly settings?: Partial<ApiSettings>;
}

export interface ApiSettings {
  /** Requests that one key, or one address without a key, may send in a minute. */
  readonly requestsPerMinute: number;
  /** Longest body in bytes; the registry import has its own. */
  readonly bodyBytes: number;
  readonly registryBytes: number;
  /** Most points of one answer: values as they came, and rolled up. */
  readonly rawPoints: number;
  readonly rolledPoints: number;
  /** How long a verified key is believed without asking again; a revocation is effective after that. */
  readonly keyTrustMs: number;
  readonly heartbeatMs: number;
  readonly changePollMs: number;
  /** A reader that is this many changes behind and does not read is closed. */
  readonly streamBehind: number;
  readonly streamsPerKey: number;
  readonly streams: number;
}

export const SETTINGS: ApiSettings = {
  requestsPerMinute: 1_200,
  bodyBytes: 1_048_576,
  registryBytes: 33_554_432,
  rawPoints: 100_000,
  rolledPoints: 10_000,
  keyTrustMs: 4_000,
  heartbeatMs: 15_000,
  changePollMs: 200,
  streamBehind: 1_000,
  streamsPerKey: 32,
  streams: 1_000,
};
