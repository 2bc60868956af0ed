/** How the server is reached. */
export interface InfluxSettings {
  /** `http(s)://host:port` */
  readonly url: string;
  readonly organisation: string;
  readonly bucket: string;
  readonly token: string;
  /** Until a write that was not answered counts as failed. A server that hangs says nothing by itself. */
  readonly writeTimeoutMs?: number;
  /** The same for a question. */
  readonly queryTimeoutMs?: number;
}

export const WRITE_TIMEOUT_MS = 10_000;
export const QUERY_TIMEOUT_MS = 30_000;
