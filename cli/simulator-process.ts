/**
 * The process of a simulator that `stackwarden start` runs beside itself: a city of devices must not take the time of
 * the endpoint that it talks to. It ends when it is told to, and when nobody listens any more.
 */
import { InputError } from '../contracts/errors.ts';
import { findScenario } from '../simulators/read-scenario-file.ts';
import { scenarioRegistry } from '../simulators/registry-text.ts';
import type { Scenario } from '../simulators/scenario.ts';
import { startSimulation, type Simulation } from '../simulators/start-simulation.ts';
import type { SimulatorReply, SimulatorRequest, SimulatorTask } from './simulator-messages.ts';

function say(reply: SimulatorReply): void {
  process.send?.(reply);
}

function load({ scenario, startAt }: SimulatorTask): Scenario | undefined {
  try {
    return findScenario(scenario, { startAt });
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    say({ kind: 'refused', message: error.message });
    return undefined;
  }
}

function go(scenario: Scenario, request: Extract<SimulatorRequest, { kind: 'go' }>): Simulation {
  const { url, backlogFromAt } = request;
  const simulation = startSimulation({
    scenario,
    url,
    now: Date.now,
    logger: { info: () => undefined, warn: (fields, message) => say({ kind: 'warning', fields, message }) },
    ...(backlogFromAt === undefined ? {} : { backlogFromAt }),
  });
  void simulation.backlogDelivered.then(() => say({ kind: 'delivered', stats: simulation.stats() }));
  return simulation;
}

function run(task: SimulatorTask): void {
  // Ctrl-C reaches both processes; the other one says when to end.
  process.on('SIGINT', () => undefined);
  let simulation: Simulation | undefined;
  const end = (): void => {
    void (simulation?.stop() ?? Promise.resolve()).finally(() => process.exit(0));
  };
  process.on('disconnect', end);
  const scenario = load(task);
  process.on('message', (request: SimulatorRequest) => {
    if (request.kind === 'stop') end();
    else if (scenario !== undefined) simulation ??= go(scenario, request);
  });
  if (scenario === undefined) return;
  const { name, startAt, network } = scenario;
  say({ kind: 'ready', registry: scenarioRegistry(scenario), name, startAt, clients: network.clients });
}

run(JSON.parse(process.argv.at(-1) ?? '{}') as SimulatorTask);
