/** The plants that `stackwarden start --demo` and `--scenario` simulate, and what a data folder remembers of them. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { InputError } from '../contracts/errors.ts';
import { DAY_MS, HOUR_MS } from '../contracts/time/instant.ts';
import type { SimulationLog } from '../simulators/start-simulation.ts';
import type { Config } from './config.ts';
import { startSimulatorChild, type SimulatorChild } from './simulator-child.ts';

/** A city is begun anew after this: its meters would have to count all the time in between. */
const CITY_AGE_MS = DAY_MS;
/** The most that a city sends of the time in which nobody listened. */
const CITY_BACKLOG_MS = HOUR_MS;
/** The same of devices that connect each for itself: what is older than a day would have to be told as filled in. */
const DEVICE_BACKLOG_MS = 23 * HOUR_MS;

const STATE_FILE = 'demo.json';
const DEMO = 'demo';

interface State {
  readonly startAt: number;
  readonly lastRunAt?: number;
  readonly scenario?: string;
}

export interface SimulatedPlants {
  readonly simulator: SimulatorChild;
  /** Begins to send to the endpoint. */
  go(url: string): void;
  /** Ends it, and notes when. */
  stop(): Promise<void>;
}

/** Where data is kept: the plants of each scenario have a folder of their own unless one is named. */
export function dataFolder({ data, demo, scenario = DEMO }: Config): string {
  if (!demo || data !== 'data') return resolve(data);
  return resolve('data', basename(scenario).replace(/\.[a-z]+$/, ''));
}

function readState(folder: string, scenario: string): State | undefined {
  const path = join(folder, STATE_FILE);
  if (!existsSync(path)) return undefined;
  const state = JSON.parse(readFileSync(path, 'utf8')) as State;
  const saved = state.scenario ?? DEMO;
  if (saved === scenario) return state;
  throw new InputError(`${folder} holds the plants of the scenario "${saved}": give another folder with --data`);
}

function writeState(folder: string, state: State): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(join(folder, STATE_FILE), JSON.stringify(state), { mode: 0o600 });
}

/** The plants keep their history over a restart: their time begins once for a folder. */
async function startSimulator(
  state: State | undefined,
  scenario: string,
  logger: SimulationLog,
): Promise<{ readonly simulator: SimulatorChild; readonly lastRunAt: number | undefined }> {
  const now = Date.now();
  const simulator = await startSimulatorChild({ scenario, startAt: state?.startAt ?? now }, logger);
  if (state === undefined) return { simulator, lastRunAt: undefined };
  const isCity = simulator.clients !== 'device';
  const lastRunAt = Math.max(state.lastRunAt ?? 0, now - (isCity ? CITY_BACKLOG_MS : DEVICE_BACKLOG_MS));
  if (!isCity || now - state.startAt <= CITY_AGE_MS) return { simulator, lastRunAt };
  await simulator.stop();
  return { simulator: await startSimulatorChild({ scenario, startAt: now }, logger), lastRunAt };
}

/** Starts the simulator of the configuration; it sends nothing yet. `undefined` where nothing is simulated. */
export async function startPlants(
  { demo, scenario = DEMO }: Config,
  folder: string,
  logger: SimulationLog,
): Promise<SimulatedPlants | undefined> {
  if (!demo) return undefined;
  const state = readState(folder, scenario);
  const { simulator, lastRunAt } = await startSimulator(state, scenario, logger);
  const { startAt } = simulator;
  writeState(folder, { startAt, scenario, ...(lastRunAt === undefined ? {} : { lastRunAt }) });
  return {
    simulator,
    go: (url) => {
      simulator.go(url, lastRunAt);
    },
    stop: async () => {
      await simulator.stop();
      writeState(folder, { startAt, scenario, lastRunAt: Date.now() });
    },
  };
}
