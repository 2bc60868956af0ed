/** The same plant, larger or smaller. */
import { NO_STACK, type PlantModel } from './plant-model.ts';

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}

/**
 * @param scale of drives and of the flow of gas; what a cubic metre contains does not depend on it
 * @returns the model itself where the scale is 1
 */
export function scaledModel(model: PlantModel, scale: number): PlantModel {
  if (scale === 1) return model;
  const { stack, total } = model;
  return {
    ...model,
    machines: model.machines.map((machine) => ({
      ...machine,
      ratedKw: rounded(machine.ratedKw * scale),
      onKw: rounded(machine.onKw * scale),
    })),
    ...(total === undefined ? {} : { total: { ...total, restKw: rounded(total.restKw * scale) } }),
    stack:
      stack === NO_STACK
        ? stack
        : {
            ...stack,
            fullFlowM3PerH: Math.round(stack.fullFlowM3PerH * scale),
            ductAreaM2: rounded(stack.ductAreaM2 * scale),
          },
  };
}
