import { expect, it } from 'vitest';
import { parseAverage } from './average.ts';

it.each(['PT1M', 'PT5M', 'PT10M', 'PT15M', 'PT1H', 'PT8H', 'P1D', 'P7D', 'P1W', 'PT48H', 'P1M', 'P1Y', 'P12M'])(
  '%s tiles the calendar',
  (text) => {
    expect(parseAverage(text)).toMatchObject({ text });
  },
);

it.each(['PT7M', 'PT30S', 'PT90S', 'PT5H', 'PT25H', 'P2M', 'P2Y', 'P1M1D', 'PT0M', '1h', 'hour', ''])(
  '%j does not, or is no period',
  (text) => {
    expect(parseAverage(text)).toBeUndefined();
  },
);
