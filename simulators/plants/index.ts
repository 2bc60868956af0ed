/** Every type of plant, sorted by name. */
import { cement } from './cement.ts';
import { gasBoiler } from './gas-boiler.ts';
import { incinerator } from './incinerator.ts';
import type { PlantModel } from './plant-model.ts';

export const PLANT_MODELS: readonly PlantModel[] = [cement, gasBoiler, incinerator];
