/** Every type of plant, sorted by name. */
import { cement } from './cement.ts';
import { coalBoiler } from './coal-boiler.ts';
import { gasBoiler } from './gas-boiler.ts';
import { gasTurbine } from './gas-turbine.ts';
import { glassKiln } from './glass-kiln.ts';
import { incinerator } from './incinerator.ts';
import { paintShop } from './paint-shop.ts';
import type { PlantModel } from './plant-model.ts';
import { refractoryKiln } from './refractory-kiln.ts';
import { sinterPlant } from './sinter-plant.ts';
import { WORKSHOP_TYPES, workshopModel } from './workshops.ts';
import { gatedYard, yard } from './yard.ts';

export { metersOfWorkshop, WORKSHOP_TYPES } from './workshops.ts';

/** Plants with a stack monitor. */
export const STACK_MODELS: readonly PlantModel[] = [
  cement,
  coalBoiler,
  gasBoiler,
  gasTurbine,
  glassKiln,
  incinerator,
  paintShop,
  refractoryKiln,
  sinterPlant,
];

/** Names of all types, sorted. */
export const PLANT_TYPES: readonly string[] = [
  ...[...STACK_MODELS, yard, gatedYard].map(({ type }) => type),
  ...WORKSHOP_TYPES,
].toSorted();

/** The model of a type; `size`: lines of a workshop. `undefined` where there is no such type. */
export function plantModel(type: string, size: number): PlantModel | undefined {
  return [...STACK_MODELS, yard, gatedYard].find((model) => model.type === type) ?? workshopModel(type, size);
}
