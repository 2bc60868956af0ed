/** Every fault on a plant that can have it: what is laid, and what may differ because of it. */

export interface FaultCase {
  readonly type: 'cement' | 'gas-boiler' | 'incinerator';
  /** Settings as YAML. */
  readonly settings: string;
  /** What may differ: a pattern of `device.part`, where a part is a signal, `flags`, `ts`, `mark`, `parameters`, `gone` or `again`. */
  readonly touches: RegExp;
  /** Further keys of the site. */
  readonly site?: readonly string[];
  /** Where three hours before the start and two hours of it do not show it. */
  readonly fromHours?: number;
  readonly lengthHours?: number;
  /** Where five hours do not tell one strength from another. */
  readonly playedHours?: number;
  /** What differs after the fault as well: registers, and a plant that cools down. */
  readonly lasting?: RegExp;
}

const KILN_STOP = ['stops: [{ line: kiln-1, from: -PT8H, to: +PT8H }]'];
const KILN_RUNS = /^(cems-1|m-kiln|m-fan-a|m-sncr|m-total|cam-1|gate-1)\./;
const nox = (type: FaultCase['type'], touches: RegExp): FaultCase => ({
  type,
  settings: 'device: cems-1, signal: nox',
  touches,
});
const gas = (type: FaultCase['type'], signal: string): FaultCase => ({
  type,
  settings: `signal: ${signal}`,
  touches: new RegExp(`^cems-1\\.(${signal}|flags)$`),
});
/** A machine and the meter of the whole site, which sees it too. */
const machine = (id: string): RegExp => new RegExp(`^(${id}|m-total)\\.(power|energy|current-[abc])$`);
const REGISTERS = /\.energy$/;

export const FAULT_CASES: Readonly<Record<string, FaultCase>> = {
  'falsification-average-mismatch': {
    ...nox('cement', /^cems-1 PT1H\.nox$/),
    site: ['devices: { cems-1: { means: [PT1H] } }'],
  },
  'falsification-backfill': {
    type: 'gas-boiler',
    settings: 'device: cems-1',
    touches: /^cems-1\.(gone|again)$/,
  },
  'falsification-clipped': nox('cement', /^cems-1\.nox$/),
  'falsification-correlation': nox('cement', /^cems-1\.nox$/),
  'falsification-digits': nox('cement', /^cems-1\.nox$/),
  'falsification-diluted': {
    type: 'cement',
    settings: 'device: cems-1',
    touches: /^cems-1\.(so2|nox|pm|o2)$/,
  },
  'falsification-flag-abuse': nox('cement', /^cems-1\.(nox|flags)$/),
  'falsification-frozen': nox('cement', /^cems-1\.nox$/),
  'falsification-interpolated': nox('cement', /^cems-1\.nox$/),
  'falsification-load-mismatch': {
    type: 'cement',
    settings: 'line: kiln-1',
    touches: machine('m-kiln'),
    lasting: REGISTERS,
  },
  'falsification-meter': { type: 'cement', settings: 'device: m-kiln', touches: /^m-kiln\.power$/ },
  'falsification-meter-parent': {
    type: 'cement',
    settings: 'device: m-total',
    touches: /^m-total\.(power|current-[abc])$/,
  },
  'falsification-meter-phase': {
    type: 'cement',
    settings: 'device: m-kiln',
    touches: machine('m-kiln'),
    lasting: REGISTERS,
  },
  'falsification-meter-ratio': {
    type: 'cement',
    settings: 'device: m-kiln',
    touches: /^(m-kiln|m-total)\.(power|energy|current-[abc]|parameters)$/,
    lasting: REGISTERS,
  },
  'falsification-oxygen': { type: 'cement', settings: 'device: cems-1', touches: /^cems-1\.o2$/ },
  'falsification-oxygen-low': { type: 'cement', settings: 'device: cems-1', touches: /^cems-1\.o2$/ },
  'falsification-parameter': nox('cement', /^cems-1\.(nox|parameters)$/),
  'falsification-pinned': nox('cement', /^cems-1\.nox$/),
  'falsification-replay': { ...nox('cement', /^cems-1\.(nox|flags)$/), playedHours: 7 },
  'falsification-rewritten': nox('gas-boiler', /^cems-1\.again$/),
  'falsification-scaled': nox('cement', /^cems-1\.nox$/),
  'falsification-silence': nox('cement', /^cems-1\.(nox|gone)$/),
  'falsification-smooth': nox('cement', /^cems-1\.nox$/),
  'falsification-watched-times': { ...gas('cement', 'nox'), fromHours: -9 },
  'limit-day': gas('incinerator', 'nox'),
  'limit-forecast': gas('cement', 'nox'),
  'limit-hour': gas('cement', 'so2'),
  'limit-near': gas('cement', 'so2'),
  'limit-period': { type: 'incinerator', settings: '', touches: /^cems-1\.furnace-temp$/ },
  'limit-surge': gas('cement', 'nox'),
  'limit-total': gas('cement', 'nox'),
  'limit-total-forecast': gas('cement', 'nox'),
  'order-contradiction': {
    type: 'cement',
    settings: 'line: kiln-1, order: R-1',
    site: KILN_STOP,
    touches: KILN_RUNS,
    lasting: KILN_RUNS,
  },
  'order-early-restart': {
    type: 'cement',
    settings: 'line: kiln-1, order: R-1',
    site: KILN_STOP,
    touches: KILN_RUNS,
    lasting: KILN_RUNS,
  },
  'order-limit': {
    type: 'cement',
    settings: 'line: kiln-1, order: R-2',
    touches: KILN_RUNS,
    lasting: /\.(energy|trucks-out)$/,
  },
  'order-shutdown': {
    type: 'cement',
    settings: 'line: kiln-1, order: R-1',
    site: KILN_STOP,
    touches: KILN_RUNS,
    lasting: KILN_RUNS,
  },
  'order-trucks': {
    type: 'cement',
    settings: 'device: gate-1, line: kiln-1, order: R-1',
    touches: /^gate-1\.trucks-(in|out)$/,
  },
  'order-unproven': {
    type: 'cement',
    settings: 'devices: [m-mill, m-mill-bag], line: mill-1, order: R-1',
    touches: /^m-mill(-bag)?\.flags$/,
  },
  'quality-clock': { type: 'cement', settings: 'device: cam-1', touches: /^cam-1\.ts$/ },
  'quality-clock-behind': { type: 'cement', settings: 'device: cam-1', touches: /^cam-1\.ts$/ },
  'quality-drift': nox('cement', /^cems-1\.nox$/),
  'quality-invalid-hours': {
    type: 'gas-boiler',
    settings: 'device: cems-1',
    touches: /^cems-1\.flags$/,
    playedHours: 12,
  },
  'quality-offline': { type: 'cement', settings: 'device: m-fan-a', touches: /^m-fan-a\.gone$/ },
  'quality-sampling': {
    type: 'cement',
    settings: 'device: cems-1, signal: probe-temp',
    touches: /^cems-1\.probe-temp$/,
  },
  'quality-sampling-cooler': { type: 'cement', settings: 'device: cems-1', touches: /^cems-1\.cooler-temp$/ },
  'quality-valid-rate': {
    type: 'gas-boiler',
    settings: 'device: cems-1',
    touches: /^cems-1\.flags$/,
    fromHours: -20,
    lengthHours: 18,
    playedHours: 40,
  },
  'quality-video': {
    type: 'cement',
    settings: 'device: cam-1',
    touches: /^cam-1\.(picture-hash|opacity|running)$/,
  },
  'quality-video-occluded': {
    type: 'cement',
    settings: 'device: cam-1',
    touches: /^cam-1\.(occluded|running|opacity)$/,
  },
  'quality-video-off': {
    type: 'cement',
    settings: 'device: cam-1',
    touches: /^cam-1\.(online|occluded|running|opacity|picture-hash)$/,
  },
  'treatment-bypass': { type: 'cement', settings: '', touches: /^cems-1\.(bypass|so2|nox|pm)$/ },
  'treatment-idle': {
    type: 'incinerator',
    settings: 'machine: m-lime',
    touches: /^(m-lime|m-total)\.(power|energy|current-[abc])$|^cems-1\.(hcl|so2)$/,
    lasting: REGISTERS,
  },
  'treatment-off': {
    type: 'incinerator',
    settings: 'machine: m-lime',
    touches: /^(m-lime|m-total)\.(power|energy|current-[abc])$|^cems-1\.(hcl|so2)$/,
    lasting: REGISTERS,
  },
};
