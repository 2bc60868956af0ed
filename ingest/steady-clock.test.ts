import { describe, expect, it } from 'vitest';
import type { LogEntry } from '../contracts/log-record.ts';
import { SteadyClock, type ClockStep } from './steady-clock.ts';

const DAY_MS = 86_400_000;
const T0 = Date.parse('2026-11-23T00:00:00Z');

/** A machine whose clock can be set, and devices that know the time. */
function machine(floor = 0): {
  clock: SteadyClock;
  steps: ClockStep[];
  pass: (ms: number) => void;
  set: (ms: number) => void;
  speak: (devices: number, aheadMs?: number, more?: object) => void;
} {
  let [passed, shift] = [0, 0];
  const steps: ClockStep[] = [];
  const clock = new SteadyClock({
    wall: () => T0 + passed + shift,
    monotonic: () => 5_000 + passed,
    floor,
    onStep: (step) => steps.push(step),
  });
  return {
    clock,
    steps,
    pass: (ms) => (passed += ms),
    set: (ms) => (shift += ms),
    speak: (devices, aheadMs = 0, more = {}) => {
      const ts = new Date(T0 + passed + aheadMs).toISOString();
      const body = JSON.stringify({ ts, values: {}, ...more });
      clock.hear(
        Array.from({ length: devices }, (_, i): LogEntry => ({
          kind: 'report',
          received: 0,
          site: 's',
          device: `d-${i}`,
          body,
        })),
      );
    },
  };
}

describe('the receiver’s clock', () => {
  it('follows the machine’s, and small corrections of it, without ever going back', () => {
    const { clock, pass, set, steps } = machine();
    expect(clock.now()).toBe(T0);
    pass(1_000);
    set(30_000);
    expect(clock.now()).toBe(T0 + 31_000);
    set(-20_000);
    const readings = Array.from({ length: 60 }, () => {
      pass(1_000);
      return clock.now();
    });
    expect(readings).toEqual([...readings].sort((a, b) => a - b));
    // At half its speed until the clock has caught up, then with it.
    expect(readings[9]).toBe(T0 + 36_000);
    expect(readings[59]).toBe(T0 + 71_000);
    expect(steps).toEqual([]);
  });

  it.each([DAY_MS, -DAY_MS])(
    'does not follow a step of %d ms that the devices contradict, and comes back with it',
    (stepMs) => {
      const { clock, pass, set, speak, steps } = machine();
      clock.now();
      pass(60_000);
      set(stepMs);
      expect(clock.isInDoubt()).toBe(true);
      speak(2);
      expect(clock.isInDoubt()).toBe(true);
      speak(3);
      expect(clock.isInDoubt()).toBe(false);
      pass(3_600_000);
      expect(clock.now()).toBe(T0 + 3_660_000);
      expect(clock.takeJump()).toBe(false);
      set(-stepMs);
      expect(clock.now()).toBe(T0 + 3_660_000);
      expect(steps.map(({ what }) => what)).toEqual(['suspected', 'not-followed', 'taken-back']);
      expect(steps[1]).toMatchObject({ stepMs, withClock: 0, against: 3 });
    },
  );

  it('follows a step that the devices share: the machine slept, and nobody listened', () => {
    const { clock, pass, set, speak } = machine();
    clock.now();
    pass(60_000);
    set(5 * 3_600_000);
    expect(clock.isInDoubt()).toBe(true);
    speak(3, 5 * 3_600_000);
    expect(clock.isInDoubt()).toBe(false);
    expect(clock.now()).toBe(T0 + 60_000 + 5 * 3_600_000);
    expect([clock.takeJump(), clock.takeJump()]).toEqual([true, false]);
  });

  it('lets time pass at half its speed where it was ahead and is put right', () => {
    const { clock, pass, speak, steps } = machine(T0 + DAY_MS);
    expect(clock.isInDoubt()).toBe(true);
    speak(3);
    expect(steps.at(-1)).toMatchObject({ what: 'followed', stepMs: -DAY_MS });
    const afterHours = (hours: number): number => {
      for (let i = 0; i < hours; i += 1) {
        pass(3_600_000);
        clock.now();
      }
      return clock.now();
    };
    expect(clock.now()).toBe(T0 + DAY_MS);
    expect(afterHours(24)).toBe(T0 + 1.5 * DAY_MS);
    expect(afterHours(24)).toBe(T0 + 2 * DAY_MS);
    expect(afterHours(24)).toBe(T0 + 3 * DAY_MS);
    expect(clock.takeJump()).toBe(false);
  });

  it('waits no longer than five minutes, and believes the clock where nobody speaks', () => {
    const { clock, pass, set, steps } = machine();
    clock.now();
    set(DAY_MS);
    expect(clock.isInDoubt()).toBe(true);
    pass(299_999);
    expect(clock.isInDoubt()).toBe(true);
    pass(1);
    expect(clock.isInDoubt()).toBe(false);
    expect(clock.now()).toBe(T0 + DAY_MS + 300_000);
    expect(steps.at(-1)).toEqual({ what: 'followed', stepMs: DAY_MS, withClock: 0, against: 0 });
  });

  it('hears no stored reports, no device that is far from both, and no single device', () => {
    const { clock, set, speak, pass } = machine();
    clock.now();
    set(DAY_MS);
    clock.isInDoubt();
    speak(50, 0, { resent: true });
    speak(50, DAY_MS / 2);
    for (let i = 0; i < 100; i += 1) speak(1);
    expect(clock.isInDoubt()).toBe(true);
    pass(9_999);
    expect(clock.isInDoubt()).toBe(true);
    pass(1);
    // One voice is little, but it is the only one.
    expect(clock.isInDoubt()).toBe(false);
    expect(clock.now()).toBe(T0 + 10_000);
  });

  it('takes the end of a period for when it was sent', () => {
    const { clock, set, speak } = machine();
    clock.now();
    set(DAY_MS);
    clock.isInDoubt();
    speak(3, -3_600_000, { period: 'PT1H' });
    expect(clock.isInDoubt()).toBe(false);
    expect(clock.now()).toBe(T0);
  });

  it('follows after all where the devices change their mind', () => {
    const { clock, set, speak, pass } = machine();
    clock.now();
    set(DAY_MS);
    clock.isInDoubt();
    speak(3);
    expect(clock.now()).toBe(T0);
    speak(4, DAY_MS);
    pass(1);
    expect(clock.now()).toBe(T0 + DAY_MS + 1);
    expect(clock.takeJump()).toBe(true);
  });

  it('never begins below the end of the log', () => {
    const { clock } = machine(T0 + 30_000);
    expect(clock.now()).toBe(T0 + 30_000);
  });
});
