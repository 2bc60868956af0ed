/** From a finding to what made it: the series of its subject and, for an outlet, the means. */
import type { Finding } from '../../contracts/finding.ts';
import type { Registry, Site } from '../../contracts/registry/registry.ts';
import type { DeviceKind } from '../../contracts/signals.ts';
import { HOUR_MS, parseInstant } from '../../contracts/time/instant.ts';
import { API_ROOT, linkTo } from '../http/link.ts';

export interface FindingLinks {
  readonly site: string;
  readonly rule: string;
  readonly revisions: string;
  readonly order?: string;
  readonly series: readonly string[];
  readonly means: readonly string[];
}

interface Channel {
  readonly device: string;
  readonly signal: string;
}

/** The meters of a line as channels: what shutdowns, limits and treatment are judged by. */
function lineChannels(site: Site, lineId: string): Channel[] {
  const line = site.lines.find(({ id }) => id === lineId);
  if (line === undefined) return [];
  return [...line.production, ...line.treatment].map(({ device }) => ({ device, signal: 'power' }));
}

/** The limited signals of the outlets that an instrument measures: what a finding about the instrument as such is about. */
function limitedChannels(site: Site, device: string): Channel[] {
  const measured = site.outlets.filter(({ devices }) => devices.some(({ value }) => value === device));
  return measured.flatMap(({ limits }) => limits.map(({ signal }) => ({ device, signal })));
}

/** What a device as such is looked at by. */
const TELLING: Readonly<Record<Exclude<DeviceKind, 'cems'>, readonly string[]>> = {
  meter: ['power'],
  camera: ['running'],
  gate: ['trucks-in', 'trucks-out'],
};

function deviceChannels(site: Site, device: string): Channel[] {
  const kind = site.devices.get(device)?.kind ?? 'cems';
  return kind === 'cems' ? limitedChannels(site, device) : TELLING[kind].map((signal) => ({ device, signal }));
}

function subjectChannels({ device, signal, line }: Finding['subject'], site: Site | undefined): Channel[] {
  const channels: Channel[] = [];
  if (device !== undefined && signal !== undefined) channels.push({ device, signal });
  if (site === undefined) return channels;
  if (line !== undefined) channels.push(...lineChannels(site, line));
  if (device !== undefined && signal === undefined) channels.push(...deviceChannels(site, device));
  return channels;
}

function channelsOf({ subject }: Finding, site: Site | undefined): Channel[] {
  const seen = new Set<string>();
  return subjectChannels(subject, site).filter((channel) => {
    const name = `${channel.device}.${channel.signal}`;
    return !seen.has(name) && seen.add(name) !== undefined;
  });
}

/** The behaviour with an hour around it; one that goes on is shown up to an hour after it was seen. */
function spanOf(finding: Finding, registry: Registry): { readonly from: string; readonly to: string } {
  const startAt = parseInstant(finding.start);
  const endAt = Math.max(parseInstant(finding.end ?? finding.detectedAt), startAt);
  return { from: registry.time.format(startAt - HOUR_MS), to: registry.time.format(endAt + HOUR_MS) };
}

export function findingLinks(finding: Finding, registry: Registry): FindingLinks {
  const { site: id, subject } = finding;
  const sitePath = `${API_ROOT}/sites/${encodeURIComponent(id)}`;
  const span = spanOf(finding, registry);
  const channels = channelsOf(finding, registry.sites.get(id));
  const { outlet, signal, order } = subject;
  return {
    site: sitePath,
    rule: `${API_ROOT}/rules/${encodeURIComponent(finding.rule)}`,
    revisions: `${API_ROOT}/findings/${encodeURIComponent(finding.id)}/revisions`,
    ...(order === undefined ? {} : { order: `${API_ROOT}/orders/${encodeURIComponent(order)}` }),
    series: channels.map((channel) => linkTo(`${sitePath}/signals/${channel.device}.${channel.signal}/data`, span)),
    means: outlet === undefined ? [] : [linkTo(`${API_ROOT}/means`, { site: id, outlet, signal, ...span })],
  };
}
