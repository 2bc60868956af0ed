/** Who a finding should name, as the contract of findings has it. */
import type { Subject } from '../../contracts/finding.ts';
import { lineOfMachine, type FaultPlace } from './fault-place.ts';
import type { FaultSettings } from './fault.ts';

/** A signal of the stack monitor. */
export function stackSubject({ signal }: Pick<FaultSettings, 'signal'>, { model: { stack } }: FaultPlace): Subject {
  return { outlet: stack.outlet, device: stack.device, ...(signal === '' ? {} : { signal }) };
}

/** A machine of the treatment, on its line. */
export function machineSubject({ machine }: FaultSettings, place: FaultPlace): Subject {
  return { line: lineOfMachine(place, machine), device: machine };
}

/** A line under an order. */
export function orderSubject({ line, order }: FaultSettings): Subject {
  return { order, line };
}

export function deviceSubject({ device }: FaultSettings): Subject {
  return { device };
}

export function deviceSignalSubject({ device, signal }: FaultSettings): Subject {
  return { device, signal };
}
