import type { Subject } from '../../contracts/finding.ts';
import type { DevicePlan } from './site-plan.ts';

/** Whom a finding about a device speaks of: of a stack its outlet as well, of a meter or camera the one line it serves. */
export function deviceSubject(plan: DevicePlan, signal?: string): Subject {
  const { device, outlets, lines } = plan;
  const about = signal === undefined ? { device: device.id } : { device: device.id, signal };
  const outlet = outlets[0]?.outlet.id;
  if (outlet !== undefined) return { outlet, ...about };
  const line = lines.length === 1 ? lines[0]?.plan.line.id : undefined;
  return line === undefined ? about : { line, ...about };
}
