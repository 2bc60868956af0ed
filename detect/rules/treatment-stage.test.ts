import { describe, expect, it } from 'vitest';
import { lineSpan } from '../../tests/support/line-spans.ts';
import type { LineSpan, MeterSpan, Running } from './line-span.ts';
import { situationOf } from './treatment-stage.ts';

/** A meter as `name kW`, on from 20 kW; `name ?` is silent. */
function meter(text: string): MeterSpan {
  const [id = '', power = ''] = text.split(' ');
  const [first] = lineSpan('08:00', '09:00', 'on').productionMeters as readonly [MeterSpan];
  const powerKw = power === '?' ? undefined : Number(power);
  const running: Running = powerKw === undefined ? 'unknown' : powerKw >= 20 ? 'on' : 'off';
  return { meter: { ...first.meter, device: { ...first.meter.device, id } }, running, powerKw, onKw: 20 };
}

function span(production: Running, load: readonly string[], treatment: readonly string[]): LineSpan {
  return {
    ...lineSpan('08:00', '09:00', production),
    productionMeters: load.map(meter),
    treatmentMeters: treatment.map(meter),
  };
}

describe('a stage of treatment', () => {
  it('is summed up over the units that are on', () => {
    const both = situationOf(span('on', ['m-mill 300', 'm-kiln 200'], ['m-a 60', 'm-b 40', 'm-c 5']), [0, 1, 2]);
    expect(both).toMatchObject({ units: 'm-a, m-b', drawKw: 100, loadKw: 500, weakest: { powerKw: 40 } });
    expect(situationOf(span('on', ['m-mill 300'], ['m-a 60', 'm-b 40']), [1])).toMatchObject({
      units: 'm-b',
      drawKw: 40,
    });
  });

  it('stands where production stands, or none of its units is on', () => {
    expect(situationOf(span('off', ['m-mill 3'], ['m-a 60']), [0])).toBe('stopped');
    expect(situationOf(span('on', ['m-mill 300'], ['m-a 5']), [0])).toBe('stopped');
  });

  it('is unknown where a unit or a part of the load is silent', () => {
    expect(situationOf(span('on', ['m-mill 300'], ['m-a 60', 'm-b ?']), [0, 1])).toBe('unknown');
    expect(situationOf(span('on', ['m-mill 300', 'm-kiln ?'], ['m-a 60']), [0])).toBe('unknown');
    expect(situationOf(span('unknown', ['m-mill ?'], ['m-a 60']), [0])).toBe('unknown');
  });
});
