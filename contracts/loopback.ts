const LOOPBACK = /^(127\.\d+\.\d+\.\d+|::1|localhost)$/;

/** An address that only this machine reaches: the only place where anything may be open without credentials. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host);
}
