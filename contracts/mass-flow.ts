/** Which concentrations become a mass, and with which flow. */

export interface MassFlow {
  /** Signal of the flow in m³/h, at the state that the concentration is given at. */
  readonly flow: string;
  /** kg/h of one unit of concentration × 1 m³/h. */
  readonly kgPerHour: number;
  readonly medium: 'gas' | 'water';
}

const GAS: MassFlow = { flow: 'flow', kgPerHour: 1e-6, medium: 'gas' };
const WATER: MassFlow = { flow: 'water-flow', kgPerHour: 1e-3, medium: 'water' };

const BY_UNIT: ReadonlyMap<string, MassFlow> = new Map([
  ['mg/m³', GAS],
  ['mg/m3', GAS],
  ['mg/L', WATER],
]);

/** What makes a mass of a signal in this unit (HJ 212-2017 annex D: G = C × Q × 10⁻⁶); undefined: nothing does. */
export function massFlowOf(unit: string): MassFlow | undefined {
  return BY_UNIT.get(unit);
}
