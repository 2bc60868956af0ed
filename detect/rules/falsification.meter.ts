/**
 * An electricity meter contradicts itself or the meters behind it: the energy it shows is not the energy that was drawn.
 *
 * Four kinds, each in a file of its own: a phase with voltage and no current (`meter-phase.ts`), a register that does
 * not grow as the power says or runs backwards (`meter-register.ts`), machines that together take more than the meter
 * in front of them (`meter-children.ts`), a transformer ratio that was changed or is not the registered one
 * (`meter-ratio.ts`). Innocent look-alikes stand there.
 */
import type { BilingualText } from '../../contracts/finding.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../contracts/time/instant.ts';
import { explainChildren, explainPhase, explainRatio, explainRegister } from './meter-words.ts';
import type { Evidence, RuleFacts } from './rule.ts';

function explain(evidence: Evidence): BilingualText {
  switch (evidence['kind']) {
    case 'phase':
      return explainPhase(evidence);
    case 'register':
      return explainRegister(evidence);
    case 'children':
      return explainChildren(evidence);
    default:
      return explainRatio(evidence);
  }
}

export const meter: RuleFacts = {
  id: 'falsification.meter',
  version: 1,
  category: 'falsification',
  title: { zh: '电表数据自相矛盾', en: 'Meter contradicts itself' },
  summary: {
    zh: '电表有压无流、表码与功率不符、分表之和大于总表，或互感器变比被改动。',
    en: 'Voltage without current, a register that does not follow the power, parts that exceed the whole, or another transformer ratio.',
  },
  severities: ['medium', 'high'],
  basis: [
    {
      document: 'sub-metering practice of city platforms',
      clause:
        'tamper: one phase current lost, ratio changed, voltage without current for 30 minutes; sum check of 5–10 %',
    },
    {
      document: 'project contract',
      clause: 'section 5: voltage without current, ∫power ≠ register, children > parent, ratio changed',
    },
  ],
  parameters: [
    {
      name: 'phaseMs',
      unit: 'ms',
      default: 30 * MINUTE_MS,
      minimum: MINUTE_MS,
      maximum: DAY_MS,
      help: 'covered time for which a phase has to carry nothing while another is loaded',
      source: 'sub-metering practice of city platforms: tamper after 30 minutes',
    },
    {
      name: 'phaseShare',
      unit: '1',
      default: 0.02,
      minimum: 0.001,
      maximum: 0.5,
      help: 'a phase with less than this share of the largest phase current carries nothing',
      source:
        'engineering judgement: a three-phase machine is balanced within 10 %, a shorted transformer leaves under 1 %',
    },
    {
      name: 'loadedShare',
      unit: '1',
      default: 0.1,
      minimum: 0.01,
      maximum: 1,
      help: 'a phase is loaded from this share of its own usual current on',
      source: 'engineering judgement: below it control circuits and idle pumps speak',
    },
    {
      name: 'phaseLearnMs',
      unit: 'ms',
      default: 4 * HOUR_MS,
      minimum: MINUTE_MS,
      maximum: 30 * DAY_MS,
      help: 'loaded time after which it is known whether a phase goes along with the others',
      source: 'engineering judgement: half a shift shows single-phase loads that switch by themselves',
    },
    {
      name: 'energyShare',
      unit: '1',
      default: 0.05,
      minimum: 0.01,
      maximum: 1,
      help: 'difference of register and power, and of parts and whole, that is no error of measurement',
      source: 'sum check of practice 5–10 %; meters and transformers of class 1 err by 2 % together',
    },
    {
      name: 'energyKwh',
      unit: 'kWh',
      default: 1,
      minimum: 0.01,
      maximum: 1_000,
      help: 'smallest difference of an hour, and smallest fall of a register, that counts',
      source: 'engineering judgement: power told in whole kW errs by half a kWh an hour',
    },
    {
      name: 'registerHours',
      unit: '1',
      default: 2,
      minimum: 1,
      maximum: 48,
      help: 'judged hours in a row, off in the same direction',
      source: 'engineering judgement: a register that is read late shifts energy from one hour to the next',
    },
    {
      name: 'childrenMs',
      unit: 'ms',
      default: 30 * MINUTE_MS,
      minimum: MINUTE_MS,
      maximum: DAY_MS,
      help: 'covered time for which the parts have to exceed the whole; at least three cadences of the slowest meter',
      source: 'engineering judgement: meters that are read at different moments disagree for a cadence',
    },
    {
      name: 'childrenFloorShare',
      unit: '1',
      default: 0.01,
      minimum: 0.001,
      maximum: 1,
      help: 'the excess has to be more than this share of the rated (else usual) power of the whole',
      source: 'engineering judgement: near standstill a large meter shows nothing',
    },
    {
      name: 'afterMarkMs',
      unit: 'ms',
      default: HOUR_MS,
      minimum: 0,
      maximum: DAY_MS,
      help: 'how long after a maintenance or calibration mark another ratio or register still counts as part of it',
      source: 'engineering judgement: as for falsification.parameter',
    },
  ],
  limits: [
    {
      zh: '三相互感器同时被短接时功率和电流一起消失，与停机无法区分，应由负荷与排放比对发现。',
      en: 'All three phases lost at once look like standstill; what the stack says (falsification.load-mismatch) has to tell.',
    },
    {
      zh: '未登记的光伏等自备电源会使分表之和大于总表。',
      en: 'A generator behind the whole that has no meter (solar panels) makes the parts exceed it.',
    },
    {
      zh: '从未带载的相、单相负荷、两元件电表不判断有压无流。',
      en: 'A phase that was never loaded, or whose load switches by itself, is not judged.',
    },
    {
      zh: '负荷快速波动且仅上报瞬时功率时，功率积分不准，只判断超出其自身波动的差异。',
      en: 'Where the load swings and only instants are sent, the integral is uncertain: only more than its own swing counts.',
    },
    {
      zh: '只上报表码、不上报功率的电表不参与比对。',
      en: 'A meter that sends no power takes no part in the comparisons.',
    },
    {
      zh: '新装、换表须声明维护，否则表码回零即为线索；表码在满度附近翻转视为正常。',
      en: 'An exchange of the meter has to be declared. A register that falls to the first 5 % from the last 5 % of its length is taken as having rolled over.',
    },
  ],
  explain,
};
