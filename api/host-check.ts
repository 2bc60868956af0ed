/**
 * Without keys every program on the machine may ask, and so might any web page open in its browser. Two checks keep
 * pages out: the host name must be the loopback's (a foreign name that resolves to 127.0.0.1 is refused), and a page
 * of another origin may not send anything.
 */
import { Problem } from './http/problem.ts';

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?$/i;

/** @throws Problem 421 for a foreign host name, 403 for a request that a page of another origin sent */
export function checkLocalRequest(headers: {
  readonly host?: string | undefined;
  readonly origin?: string | undefined;
}): void {
  const { host, origin } = headers;
  if (host !== undefined && !LOOPBACK.test(host)) {
    throw new Problem('host-refused', {
      detail: {
        zh: '免密钥模式只接受本机地址 (localhost、127.0.0.1、[::1])',
        en: 'without keys only the names of this machine are served: localhost, 127.0.0.1 or [::1]',
      },
    });
  }
  const own = origin === undefined || origin === `http://${host ?? ''}` || origin === `https://${host ?? ''}`;
  if (own) return;
  throw new Problem('origin-refused', {
    detail: { zh: `拒绝来自 ${origin} 的页面`, en: `pages of ${origin} are refused` },
  });
}
