/** What the MQTT clients of a site call themselves, and what each may publish for. */

/** One client for the whole site, as a data logger is, or one for each device. */
export type Per = 'site' | 'device';

/** The device name of a client that sends for all devices of its site. */
export const GATEWAY = 'gateway';

interface SiteClient {
  readonly user: string;
  readonly grant: string;
}

/** The clients of a site by the ids of its devices. */
export function siteClients(site: string, devices: readonly string[], per: Per): readonly SiteClient[] {
  if (per === 'site') return [{ user: `${site}/${GATEWAY}`, grant: `${site}/*` }];
  return devices.map((device) => ({ user: `${site}/${device}`, grant: `${site}/${device}` }));
}
