/** The reports of a scenario in the order in which they arrive. */
import { InputError } from '../contracts/errors.ts';
import { deviceReports, type SentReport } from './device-reports.ts';
import { MomentQueue } from './moment-queue.ts';
import { throughNetwork } from './network-delivery.ts';
import type { Span } from './plants/span.ts';
import type { Scenario, ScenarioSite } from './scenario.ts';

export { deviceReports, type SentReport } from './device-reports.ts';

/** Several ordered streams as one; of equal moments the earlier stream goes first. */
function* merged(streams: Iterable<Iterator<SentReport>>): Generator<SentReport> {
  const heads = new MomentQueue<{
    readonly report: SentReport;
    readonly stream: Iterator<SentReport>;
    readonly rank: number;
  }>();
  const pull = (stream: Iterator<SentReport>, rank: number): void => {
    const next = stream.next();
    if (next.done !== true) heads.push(next.value.at, rank, { report: next.value, stream, rank });
  };
  let rank = 0;
  for (const stream of streams) {
    pull(stream, rank);
    rank += 1;
  }
  for (let head = heads.pop(); head !== undefined; head = heads.pop()) {
    yield head.report;
    pull(head.stream, head.rank);
  }
}

/** The reports of one site, its devices in step with each other. */
export function siteReports(scenario: Scenario, site: ScenarioSite, span: Span): Generator<SentReport> {
  return merged(site.devices.map((device) => deviceReports(scenario, device, span)));
}

/** As they arrive: what the network does to them is done. */
function arrivingReports(scenario: Scenario, site: ScenarioSite, span: Span): Generator<SentReport> {
  const reports = siteReports(scenario, site, span);
  return throughNetwork(scenario.network, reports, scenario.network.outagesIn(site.id, span));
}

/**
 * Every report whose tick (the instant at which a sample or a period is complete) lies in [fromMs, toMs), in the order
 * of arrival; equal moments in the order of sites and devices.
 * @throws InputError where the span begins before the scenario knows anything, or has no end
 */
export function* reportsBetween(scenario: Scenario, fromMs: number, toMs: number): Generator<SentReport> {
  if (!(fromMs >= scenario.originAt) || !Number.isFinite(toMs)) {
    throw new InputError(
      `scenario ${scenario.name} begins at ${scenario.time.format(scenario.originAt)} and needs an end; the span asked for does not fit`,
    );
  }
  const span = { fromAt: fromMs, toAt: toMs };
  yield* merged(scenario.sites.map((site) => arrivingReports(scenario, site, span)));
}
