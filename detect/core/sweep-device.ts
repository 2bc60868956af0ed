/**
 * Every covered span of every device, in stream order, goes to the rules that look at one device by itself or at its
 * word about lines and outlets: cameras, meters, gates, sampling temperatures, dampers.
 */
import type { BoundDevice } from './bound-parts.ts';
import type { Segment } from './covered-time.ts';
import type { SiteStream } from './site-stream.ts';
import { stepCameraSign, stepGateSign, stepStackSign } from './line-signs.ts';
import { stepDamper } from './sweep-damper.ts';
import { stepGate } from './sweep-gate.ts';
import { stepMeter } from './sweep-meter.ts';
import { stepCamera } from './sweep-camera.ts';

type Step = (stream: SiteStream, device: BoundDevice, segment: Segment) => void;

/** By kind of device. */
const STEPS: Readonly<Record<BoundDevice['plan']['device']['kind'], readonly Step[]>> = {
  cems: [stepStackSign, stepDamper],
  meter: [stepMeter, stepDamper],
  camera: [stepCamera, stepCameraSign, stepDamper],
  gate: [stepGate, stepGateSign],
};

/** @param segment readings of the device and the span that they hold for; empty readings: a mark makes them invalid */
export function stepDevice(stream: SiteStream, device: BoundDevice, segment: Segment): void {
  for (const step of STEPS[device.plan.device.kind]) step(stream, device, segment);
}
