/** The clients of a simulation: one for each site, as a data logger is, or one for each device. */
import { GATEWAY, siteClients } from '../../contracts/site-clients.ts';
import { createCursor } from '../device-reports.ts';
import { brokerUrl } from '../mqtt/mqtt-link.ts';
import { Publisher } from '../mqtt/publisher.ts';
import type { Scenario, ScenarioSite } from '../scenario.ts';
import { Sender } from './sender.ts';

export interface ClientOptions {
  readonly scenario: Scenario;
  readonly url: string;
  /**
   * Password of a user: `{site}/{device}`, or `{site}/gateway` where a site has one client. Absent = the broker needs
   * none.
   */
  readonly passwordFor?: (user: string) => string | Promise<string>;
  readonly onLoss: (cause: string) => void;
  readonly onUp: (sender: Sender) => void;
}

/** What clients call themselves: who needs credentials. */
export function clientUsers({ sites, network }: Scenario): ReturnType<typeof siteClients> {
  return sites.flatMap(({ id, devices }) =>
    siteClients(
      id,
      devices.map((device) => device.id),
      network.clients,
    ),
  );
}

/** The clients of one site; none is started. `fromAt`: begin of what its devices have stored. */
export function createSenders(options: ClientOptions, site: ScenarioSite, fromAt: number): readonly Sender[] {
  const { scenario, passwordFor } = options;
  const url = brokerUrl(options.url);
  const senderOf = (name: string, devices: ScenarioSite['devices']): Sender => {
    const user = `${site.id}/${name}`;
    const who = passwordFor === undefined ? {} : { user, password: () => passwordFor(user) };
    const random = devices[0]?.random;
    if (random === undefined) throw new RangeError(`site ${site.id} has no devices`);
    const publisher = new Publisher({
      url,
      clientId: `simulator-${site.id}-${name}`,
      ...who,
      random,
      onLoss: options.onLoss,
      onUp: () => options.onUp(sender),
    });
    const cursors = devices.map((device) => createCursor(scenario, device, fromAt));
    const sender = new Sender(site.id, publisher, cursors);
    return sender;
  };
  return scenario.network.clients === 'site'
    ? [senderOf(GATEWAY, site.devices)]
    : site.devices.map((device) => senderOf(device.id, [device]));
}
