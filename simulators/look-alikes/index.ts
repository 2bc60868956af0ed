/** Every look-alike, sorted by id. */
import type { LookAlikeKind } from '../faults/fault.ts';
import { absorberLayerOff } from './absorber-layer-off.ts';
import { airInLeak } from './air-in-leak.ts';
import { batchGaps } from './batch-gaps.ts';
import { batchRecipe } from './batch-recipe.ts';
import { belowDetection } from './below-detection.ts';
import { calibrationSpike } from './calibration-spike.ts';
import { cappedConversion } from './capped-conversion.ts';
import { captiveGeneration } from './captive-generation.ts';
import { coarseSteps } from './coarse-steps.ts';
import { componentMaintenance } from './component-maintenance.ts';
import { dailyHours } from './daily-hours.ts';
import { damperOpening } from './damper-opening.ts';
import { dosingControl } from './dosing-control.ts';
import { dualRangeSwitch } from './dual-range-switch.ts';
import { duplicateDelivery } from './duplicate-delivery.ts';
import { fanAfterRun } from './fan-after-run.ts';
import { fixedTimeCalibration } from './fixed-time-calibration.ts';
import { fuelChange } from './fuel-change.ts';
import { fuelSwitch } from './fuel-switch.ts';
import { gasToOtherOutlet } from './gas-to-other-outlet.ts';
import { gatewayClockReset } from './gateway-clock-reset.ts';
import { heatingAndLighting } from './heating-and-lighting.ts';
import { historianCompression } from './historian-compression.ts';
import { holdInBackPurge } from './hold-in-back-purge.ts';
import { hotHold } from './hot-hold.ts';
import { idleAtZero } from './idle-at-zero.ts';
import { inverterDrive } from './inverter-drive.ts';
import { legalResending } from './legal-resending.ts';
import { loadDrop } from './load-drop.ts';
import { loggerHoldsLast } from './logger-holds-last.ts';
import { maintenanceAfterOddReading } from './maintenance-after-odd-reading.ts';
import { meterMultiplier } from './meter-multiplier.ts';
import { metersSwapped } from './meters-swapped.ts';
import { minutesLost } from './minutes-lost.ts';
import { nearZeroAbatement } from './near-zero-abatement.ts';
import { networkOutage } from './network-outage.ts';
import { newCatalyst } from './new-catalyst.ts';
import { nightStop } from './night-stop.ts';
import { onOffMachine } from './on-off-machine.ts';
import { orderEdges } from './order-edges.ts';
import { otherBases } from './other-bases.ts';
import { otherFeeder } from './other-feeder.ts';
import { otherValidityRule } from './other-validity-rule.ts';
import { powerCut } from './power-cut.ts';
import { pumpsInOrder } from './pumps-in-order.ts';
import { purgeAir } from './purge-air.ts';
import { rampedSetPoint } from './ramped-set-point.ts';
import { realRecalibration } from './real-recalibration.ts';
import { roundValues } from './round-values.ts';
import { roundingOrder } from './rounding-order.ts';
import { sampleSkew } from './sample-skew.ts';
import { seasonalDrift } from './seasonal-drift.ts';
import { sharedStack } from './shared-stack.ts';
import { slowAnalyser } from './slow-analyser.ts';
import { slowLevel } from './slow-level.ts';
import { spareUnit } from './spare-unit.ts';
import { startUpOxygen } from './start-up-oxygen.ts';
import { steadyLoad } from './steady-load.ts';
import { testSignal } from './test-signal.ts';
import { upsetOverRange } from './upset-over-range.ts';
import { weekendStop } from './weekend-stop.ts';
import { wetBasis } from './wet-basis.ts';
import { wholeNumberRounding } from './whole-number-rounding.ts';
import { workingFromStore } from './working-from-store.ts';
import { zeroDriftCut } from './zero-drift-cut.ts';

export const LOOK_ALIKE_KINDS: readonly LookAlikeKind[] = [
  absorberLayerOff,
  airInLeak,
  batchGaps,
  batchRecipe,
  belowDetection,
  calibrationSpike,
  cappedConversion,
  captiveGeneration,
  coarseSteps,
  componentMaintenance,
  dailyHours,
  damperOpening,
  dosingControl,
  dualRangeSwitch,
  duplicateDelivery,
  fanAfterRun,
  fixedTimeCalibration,
  fuelChange,
  fuelSwitch,
  gasToOtherOutlet,
  gatewayClockReset,
  heatingAndLighting,
  historianCompression,
  holdInBackPurge,
  hotHold,
  idleAtZero,
  inverterDrive,
  legalResending,
  loadDrop,
  loggerHoldsLast,
  maintenanceAfterOddReading,
  meterMultiplier,
  metersSwapped,
  minutesLost,
  nearZeroAbatement,
  networkOutage,
  newCatalyst,
  nightStop,
  onOffMachine,
  orderEdges,
  otherBases,
  otherFeeder,
  otherValidityRule,
  powerCut,
  pumpsInOrder,
  purgeAir,
  rampedSetPoint,
  realRecalibration,
  roundValues,
  roundingOrder,
  sampleSkew,
  seasonalDrift,
  sharedStack,
  slowAnalyser,
  slowLevel,
  spareUnit,
  startUpOxygen,
  steadyLoad,
  testSignal,
  upsetOverRange,
  weekendStop,
  wetBasis,
  wholeNumberRounding,
  workingFromStore,
  zeroDriftCut,
];
