/** Small firms whose electricity is watched and whose gas is not: several industries, some lines of machines each. */
import { NO_STACK, type LineModel, type MachineModel, type PlantModel } from './plant-model.ts';

const MINUTE_MS = 60_000;

interface MachineKind {
  readonly name: string;
  readonly ratedKw: number;
  /** Piece by piece, in minutes; absent = without a break. */
  readonly pieceMinutes?: number;
}

interface WorkshopKind {
  readonly type: string;
  readonly industry: string;
  /** Local hours; absent = day and night. */
  readonly hours?: readonly [number, number];
  readonly restDays?: readonly number[];
  readonly production: readonly MachineKind[];
  readonly treatment: readonly MachineKind[];
}

const KINDS: readonly WorkshopKind[] = [
  {
    type: 'castings',
    industry: 'foundry',
    hours: [20, 8],
    production: [
      { name: 'furnace', ratedKw: 500 },
      { name: 'moulding', ratedKw: 75, pieceMinutes: 9 },
      { name: 'blasting', ratedKw: 55, pieceMinutes: 16 },
    ],
    treatment: [
      { name: 'bag', ratedKw: 75 },
      { name: 'carbon', ratedKw: 22 },
    ],
  },
  {
    type: 'furniture',
    industry: 'furniture',
    hours: [8, 18],
    restDays: [0],
    production: [
      { name: 'booth', ratedKw: 30 },
      { name: 'oven', ratedKw: 45 },
      { name: 'sander', ratedKw: 18, pieceMinutes: 12 },
    ],
    treatment: [{ name: 'carbon', ratedKw: 22 }],
  },
  {
    type: 'printing',
    industry: 'packaging-printing',
    hours: [7, 21],
    restDays: [0],
    production: [
      { name: 'press', ratedKw: 90, pieceMinutes: 45 },
      { name: 'laminator', ratedKw: 37 },
    ],
    treatment: [{ name: 'oxidiser', ratedKw: 45 }],
  },
  {
    type: 'plastics',
    industry: 'plastics',
    production: [
      { name: 'extruder', ratedKw: 110 },
      { name: 'granulator', ratedKw: 55 },
      { name: 'mixer', ratedKw: 30, pieceMinutes: 14 },
    ],
    treatment: [{ name: 'carbon', ratedKw: 18 }],
  },
  {
    type: 'stone',
    industry: 'aggregates',
    hours: [7, 19],
    production: [
      { name: 'crusher', ratedKw: 250 },
      { name: 'screen', ratedKw: 45 },
      { name: 'conveyor', ratedKw: 37 },
    ],
    treatment: [
      { name: 'bag', ratedKw: 90 },
      { name: 'spray', ratedKw: 7.5 },
    ],
  },
  {
    type: 'bricks',
    industry: 'bricks',
    production: [
      { name: 'kiln-fan', ratedKw: 75 },
      { name: 'extruder', ratedKw: 160 },
    ],
    treatment: [
      { name: 'slurry', ratedKw: 22 },
      { name: 'esp', ratedKw: 30 },
    ],
  },
  {
    type: 'carbon',
    industry: 'carbon',
    production: [
      { name: 'calciner', ratedKw: 132 },
      { name: 'mill', ratedKw: 200 },
      { name: 'kneader', ratedKw: 90, pieceMinutes: 35 },
    ],
    treatment: [
      { name: 'bag', ratedKw: 55 },
      { name: 'tar-esp', ratedKw: 37 },
    ],
  },
  {
    type: 'chemicals',
    industry: 'chemicals',
    production: [
      { name: 'reactor', ratedKw: 55, pieceMinutes: 180 },
      { name: 'dryer', ratedKw: 90 },
    ],
    treatment: [
      { name: 'scrubber', ratedKw: 15 },
      { name: 'oxidiser', ratedKw: 55 },
    ],
  },
];

/** What of a machine's rated power still counts as on: between two pieces it idles, and is on. */
const ON_SHARE = 0.06;

function lineModel(kind: WorkshopKind, number: number): LineModel {
  const shared = { basePercent: 70, swingPercent: 5, peakHour: 11, shifts: kind.hours === undefined, cameras: [] };
  return {
    id: `line-${number}`,
    startUpMs: 8 * MINUTE_MS,
    shutDownMs: 4 * MINUTE_MS,
    preStartMs: 5 * MINUTE_MS,
    afterRunMs: 10 * MINUTE_MS,
    ...shared,
    ...(kind.hours === undefined ? {} : { dailyHours: kind.hours, wanderMinutes: 15 }),
    ...(kind.restDays === undefined ? {} : { restDays: kind.restDays }),
    holidays: true,
  };
}

function machineModels(kind: WorkshopKind, number: number): readonly MachineModel[] {
  const line = `line-${number}`;
  const modelOf = (machine: MachineKind, role: MachineModel['role']): MachineModel => ({
    id: `m${number}-${machine.name}`,
    line,
    role,
    ratedKw: machine.ratedKw,
    onKw: machine.ratedKw * ON_SHARE,
    duty: 'duty',
    ...(machine.pieceMinutes === undefined ? {} : { pieces: { minutes: machine.pieceMinutes, workShare: 0.72 } }),
  });
  return [
    ...kind.production.map((machine) => modelOf(machine, 'production')),
    ...kind.treatment.map((machine) => modelOf(machine, 'treatment')),
  ];
}

const kept = new Map<string, PlantModel>();

/** Types of workshops, in the order of the table. */
export const WORKSHOP_TYPES: readonly string[] = KINDS.map(({ type }) => type);

/** Meters of a workshop of this type with so many lines, that of the whole site included. */
export function metersOfWorkshop(type: string, lines: number): number {
  return (workshopModel(type, lines)?.machines.length ?? 0) + 1;
}

/** A workshop with so many equal lines; one object for each type and number. `undefined` where there is no such type. */
export function workshopModel(type: string, lines: number): PlantModel | undefined {
  const kind = KINDS.find((candidate) => candidate.type === type);
  if (kind === undefined) return undefined;
  const key = `${type}/${lines}`;
  let model = kept.get(key);
  if (model === undefined) {
    const numbers = Array.from({ length: lines }, (_, index) => index + 1);
    const machines = numbers.flatMap((number) => machineModels(kind, number));
    const ratedKw = machines.reduce((sum, machine) => sum + machine.ratedKw, 0);
    model = {
      type,
      industry: kind.industry,
      lines: numbers.map((number) => lineModel(kind, number)),
      machines,
      total: { id: 'm-total', restKw: Math.round(0.045 * ratedKw) },
      stack: NO_STACK,
    };
    kept.set(key, model);
  }
  return model;
}
