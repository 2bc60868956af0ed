/** A line under an order: what the tests of the rules about orders share. */
import type { WireOrder } from '../../contracts/order.ts';
import type { LineEntry } from '../../contracts/registry/registry-file.ts';
import { deviceReports, type DeviceReports, type TestReport } from './device-reports.ts';
import { rfc3339 } from './local-moment.ts';
import { plantRegistry, type PlantOptions } from './plant-registry.ts';

/** An order to stop line-1 from 08:00 to 20:00 without grace, unless said otherwise. */
export function stopOrder(order: Partial<WireOrder> = {}): WireOrder {
  return {
    id: 'R-1',
    kind: 'shutdown',
    level: 'orange',
    from: rfc3339('08:00'),
    to: rfc3339('20:00'),
    scope: { lines: ['plant/line-1'] },
    ...order,
  };
}

export interface OrderRow {
  readonly name: string;
  readonly order?: Partial<WireOrder>;
  readonly plant?: PlantOptions;
  readonly line?: Partial<LineEntry>;
  readonly reports: readonly TestReport[];
  readonly expected: readonly string[];
}

/** A mill that is on from 200 kW, and nothing else. */
export function orderRegistry({ order, plant, line }: Pick<OrderRow, 'order' | 'plant' | 'line'>): string {
  return plantRegistry({
    outlet: null,
    line: { production: [{ device: 'm-mill', rated: 1000, on: 200 }], ...line },
    orders: [stopOrder(order)],
    ...plant,
  });
}

/** Instants of the mill's power, one a minute from 07:00 on unless said otherwise. */
export function mill(power: string, options: Partial<DeviceReports> = {}): readonly TestReport[] {
  return deviceReports({ device: 'm-mill', from: '07:00', ...options }, { power });
}
