/** The devices of a site: the instruments on its plant, with the faults that touch what they say. */
import type { DeviceKind } from '../contracts/signals.ts';
import { SECOND_MS } from '../contracts/time/instant.ts';
import type { LaidFault } from './fault-times.ts';
import type { Instrument } from './instruments/device-report.ts';
import { makeInstrument, type DeviceSetting } from './make-instrument.ts';
import type { Network } from './network.ts';
import { NO_STACK, type Plant } from './plants/plant-model.ts';
import type { RandomStream } from './plants/random-stream.ts';
import type { Span } from './plants/span.ts';
import { devicesOf } from './read-faults.ts';
import type { ScenarioReading } from './scenario-reading.ts';

/** The last device has sent before the next tick. */
const LONGEST_DELAY_MS = 55 * SECOND_MS;

export interface ScenarioDevice {
  readonly site: string;
  readonly id: string;
  readonly kind: DeviceKind;
  readonly instrument: Instrument;
  /** How long after a tick it sends: every site has its own moment in the minute, its devices lie around it. */
  readonly delayMs: number;
  readonly random: RandomStream;
  /** Innocent gaps. */
  readonly silences: readonly Span[];
  /** Faults that change what it says, in the order of the file. */
  readonly faults: readonly LaidFault[];
}

export interface SiteInstruments {
  readonly site: string;
  readonly plant: Plant;
  readonly calibration: { readonly startMinute: number; readonly minutes: number };
  readonly faults: readonly LaidFault[];
  readonly silences: readonly (Span & { readonly device: string })[];
  readonly network: Network;
  settingOf(device: string, kind: DeviceKind): DeviceSetting;
}

/** Ids and kinds of the devices that a type of plant has, the stack monitor first. */
export function deviceKindsOf(model: Plant['model']): readonly { readonly id: string; readonly kind: DeviceKind }[] {
  return [
    ...(model.stack === NO_STACK ? [] : [{ id: model.stack.device, kind: 'cems' } as const]),
    ...model.machines.map(({ id }) => ({ id, kind: 'meter' }) as const),
    ...(model.total === undefined ? [] : [{ id: model.total.id, kind: 'meter' } as const]),
    ...model.lines.flatMap(({ cameras }) => cameras.map((id) => ({ id, kind: 'camera' }) as const)),
    ...(model.gates ?? []).map(({ id }) => ({ id, kind: 'gate' }) as const),
  ];
}

function touches(fault: LaidFault, device: string): boolean {
  const { alter, alterMean, sendAgain } = fault.kind;
  const speaks = alter !== undefined || alterMean !== undefined || sendAgain !== undefined;
  return speaks && devicesOf(fault).includes(device);
}

export function createDevices(reading: ScenarioReading, site: SiteInstruments): readonly ScenarioDevice[] {
  const { spreadMs } = reading;
  const siteDelayMs = SECOND_MS + reading.random.split(site.site, 'delay').uniformAt(0) * (LONGEST_DELAY_MS - spreadMs);
  return deviceKindsOf(site.plant.model).map(({ id, kind }) => {
    const random = reading.random.split(site.site, id, 'sending');
    return {
      site: site.site,
      id,
      kind,
      instrument: makeInstrument(reading, {
        id,
        kind,
        plant: site.plant,
        setting: site.settingOf(id, kind),
        random: reading.random.split(site.site, id),
        calibration: site.calibration,
      }),
      // A clock that is ahead has its tick early.
      delayMs: Math.floor(siteDelayMs + random.uniformAt(0) * spreadMs) - site.network.clockErrorMs(random),
      random,
      silences: site.silences.filter((silence) => silence.device === id),
      faults: site.faults.filter((fault) => touches(fault, id)),
    };
  });
}
