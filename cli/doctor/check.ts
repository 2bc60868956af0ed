/** One line of what `stackwarden doctor` says. */
export interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
  /** What to do; only where it is not ok. */
  readonly remedy?: string;
}

/** @param remedy is said where it is not ok */
export function check(name: string, ok: boolean, detail: string, remedy: string): Check {
  return { name, ok, detail, ...(ok ? {} : { remedy }) };
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

export function formatBytes(bytes: number): string {
  const unit = bytes < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log2(bytes) / 10));
  return `${(bytes / 1_024 ** unit).toFixed(unit === 0 ? 0 : 1)} ${UNITS[unit] ?? 'B'}`;
}
