/** What a type of plant is made of: facts only. What follows from them is in `stack-gas.ts` and `machine-power.ts`. */
import type { PlantMemory } from './plant-memory.ts';
import type { RandomStream } from './random-stream.ts';
import type { Span } from './span.ts';
import type { Weather } from './weather.ts';

export interface LineModel {
  readonly id: string;
  readonly startUpMs: number;
  readonly shutDownMs: number;
  /** How long before a run the treatment is switched on, and how long after it it runs on. */
  readonly preStartMs: number;
  readonly afterRunMs: number;
  /** Load without swing, and the swing of the day around it with its peak, in % of full load. */
  readonly basePercent: number;
  readonly swingPercent: number;
  readonly peakHour: number;
  /** Work dips when the shifts change at 0, 8 and 16 o'clock. */
  readonly shifts: boolean;
  /** Local hours [from, to) in which it runs; absent = day and night. from > to runs over midnight. */
  readonly dailyHours?: readonly [number, number];
  /** People are late or early by up to this; 0 unless said. Of lines with `dailyHours`. */
  readonly wanderMinutes?: number;
  /** Days of the week on which it stands, 0 = Sunday. Of lines with `dailyHours`. */
  readonly restDays?: readonly number[];
  /** It stands over the Spring Festival and on other public holidays. */
  readonly holidays?: boolean;
  /** It runs from the middle of November to the middle of March only. */
  readonly heatingSeason?: boolean;
  /** Load in % of full load that each degree below 5 °C outside adds. */
  readonly coldPercentPerC?: number;
  readonly cameras: readonly string[];
}

export interface MachineModel {
  /** Also the id of its meter. */
  readonly id: string;
  readonly line: string;
  readonly role: 'production' | 'treatment';
  readonly ratedKw: number;
  readonly onKw: number;
  /** Machines of one stage stand in for each other. */
  readonly stage?: string;
  /** A spare stands still unless it is put in. */
  readonly duty: 'duty' | 'spare';
  /** It works piece by piece while its line runs: the share of a piece that is work, and its length. */
  readonly pieces?: { readonly minutes: number; readonly workShare: number };
}

/** The meter of the whole site (总表): parent of the meters of its machines. */
export interface TotalMeterModel {
  readonly id: string;
  /** What nobody meters: light, offices, workshops. */
  readonly restKw: number;
}

/** A vehicle gate (门禁). */
export interface GateModel {
  readonly id: string;
  /** Lorries that come in an hour of full work on a working day. */
  readonly trucksPerHour: number;
}

/** What keeps the sample hot and dry on its way to the analyser. */
export interface SamplingModel {
  readonly probeC: number;
  readonly lineC: number;
  readonly coolerC: number;
}

/** One gas: its level in the treated flue gas, converted to the reference oxygen. */
export interface GasModel {
  readonly convertedMgPerM3: number;
  /** Relative wandering around that level, 0.1 = ±10 %. */
  readonly swing: number;
  /** Multiplies the level at the begin of a start-up, and fades with it. */
  readonly startUpFactor: number;
}

/** What a cleaning stage takes out. The levels of the gases hold with it on. */
export interface CleaningModel {
  readonly gas: string;
  /** Any one of them does the work. */
  readonly machines: readonly string[];
  /** Share that it takes out, 0 to 1. */
  readonly removal: number;
}

/** A regenerative furnace turns its fire round: for moments nothing burns. */
export interface ReversalModel {
  readonly everyMinutes: number;
  readonly minutes: number;
  readonly o2RisePercent: number;
}

export interface FurnaceModel {
  readonly burningC: number;
  /** How long burners heat it before waste is fed. */
  readonly preheatMs: number;
}

/** One channel of the analyser. */
export interface ChannelModel {
  readonly range: readonly [number, number];
  readonly resolution: number;
  /** Standard deviation of the noise of one minute, in the unit of the signal. */
  readonly noise: number;
  /** Whether it is fed with zero and span gas in a calibration. */
  readonly calibrated: boolean;
}

export interface LimitModel {
  readonly signal: string;
  readonly max?: number;
  readonly min?: number;
  readonly average: string;
  readonly source: string;
  readonly role?: 'legal' | 'warning';
  readonly allow?: { readonly count: number; readonly per: string };
}

export interface StackModel {
  readonly outlet: string;
  readonly device: string;
  readonly line: string;
  /** Absent: limits are on what is measured. */
  readonly o2ReferencePercent?: number;
  /** Oxygen at full load, and at half load, where there is more air for the same fuel. */
  readonly o2FullLoadPercent: number;
  readonly o2HalfLoadPercent: number;
  readonly fullFlowM3PerH: number;
  readonly ductAreaM2: number;
  readonly temperatureC: number;
  readonly humidityPercent: number;
  readonly gases: Readonly<Record<string, GasModel>>;
  readonly cleaning: readonly CleaningModel[];
  readonly furnace?: FurnaceModel;
  readonly reversal?: ReversalModel;
  /** Absent: the analyser sits in the stack itself. */
  readonly sampling?: SamplingModel;
  readonly channels: Readonly<Record<string, ChannelModel>>;
  readonly limits: readonly LimitModel[];
}

/** A site whose gas nobody measures. */
export const NO_STACK: StackModel = {
  outlet: '',
  device: '',
  line: '',
  o2FullLoadPercent: 0,
  o2HalfLoadPercent: 0,
  fullFlowM3PerH: 0,
  ductAreaM2: 0,
  temperatureC: 0,
  humidityPercent: 0,
  gases: {},
  cleaning: [],
  channels: {},
  limits: [],
};

export interface PlantModel {
  readonly type: string;
  readonly industry: string;
  readonly lines: readonly LineModel[];
  readonly machines: readonly MachineModel[];
  readonly total?: TotalMeterModel;
  readonly gates?: readonly GateModel[];
  /** `NO_STACK` where there is none. */
  readonly stack: StackModel;
}

/** What acts on a plant from outside at an instant: faults, and machines that were put in or taken out. */
export interface Conditions {
  /** Multiplies a gas of the treated flue gas; absent = 1. */
  readonly gasFactors: Readonly<Record<string, number>>;
  readonly furnaceDropC: number;
  /** How far the damper around the treatment is open, in %. */
  readonly bypassPercent: number;
  /** Power of a machine as a share of what its line asks for: turned down, it cleans less; absent = 1. */
  readonly machineFactors: Readonly<Record<string, number>>;
  /** Power that a machine's meter counts at least, in kW, whether its line runs or not; absent = 0. */
  readonly leastKw: Readonly<Record<string, number>>;
  /** How much loads, fires and gases wander around their levels: 1, or less in base load. */
  readonly unrest: number;
  /** Work of a line as a share of what it would do: its load, and the power of its production; absent = 1. */
  readonly lineFactors: Readonly<Record<string, number>>;
  /** Multiplies the lorries at the gates: 0 while none may enter. */
  readonly truckFactor: number;
  readonly machinesOff: readonly string[];
  /** Spares that run. */
  readonly machinesOn: readonly string[];
}

export const UNDISTURBED: Conditions = {
  gasFactors: {},
  furnaceDropC: 0,
  bypassPercent: 0,
  machineFactors: {},
  leastKw: {},
  unrest: 1,
  lineFactors: {},
  truckFactor: 1,
  machinesOff: [],
  machinesOn: [],
};

/** One plant: a model with its own history and luck. */
export interface Plant {
  readonly model: PlantModel;
  readonly random: RandomStream;
  /** Minutes since local midnight. */
  readonly minuteOfDay: (at: number) => number;
  /** Of the city: the same for all of its plants. */
  readonly weatherAt: (at: number) => Weather;
  /** Spans in which a line runs, ascending: those of a fortnight at least before and after the instant. */
  readonly runsAt: (line: string, at: number) => readonly Span[];
  readonly conditionsAt: (at: number) => Conditions;
  readonly memory: PlantMemory;
}

/** @throws TypeError where the model has no such line: a mistake in the model */
export function lineOf(plant: Plant, id: string): LineModel {
  const line = plant.model.lines.find((candidate) => candidate.id === id);
  if (line === undefined) throw new TypeError(`plant type ${plant.model.type} has no line ${id}`);
  return line;
}
