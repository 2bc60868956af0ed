/**
 * In an order the meters of a line say that it stands, or say nothing, while something else says that it works: gas as
 * of burning at more than half the usual flow, a camera, or as many trucks as in work.
 *
 * Innocent look-alikes: fans that pull cold air through a kiln that cools (oxygen as in air), another line on the same
 * stack, in the same picture or behind the same gate, a camera that was seen to show work while the line stood, a
 * single misread picture. Meters that show production are order.shutdown or order.limit; silence without any sign is
 * order.unproven.
 */
import type { BilingualText } from '../../contracts/finding.ts';
import { DAY_MS, MINUTE_MS } from '../../contracts/time/instant.ts';
import { formatMinutes, formatNumber, formatWhen, list, text } from '../findings/words.ts';
import type { Evidence, RuleFacts } from './rule.ts';

function share(sign: Evidence): string {
  const { value, usual } = sign;
  return typeof value === 'number' && typeof usual === 'number' && usual > 0
    ? formatNumber(Math.round((100 * value) / usual))
    : '?';
}

function describeSign(sign: Evidence): BilingualText {
  const device = text(sign['device']);
  const span = formatMinutes(sign['minutes']);
  if (sign['kind'] === 'camera')
    return { zh: `摄像头 ${device} 显示在生产（${span.zh}）`, en: `camera ${device} shows work (${span.en})` };
  const value = formatNumber(sign['value']);
  const usual = formatNumber(sign['usual']);
  if (sign['kind'] === 'gate') {
    return {
      zh: `门禁 ${device} 每小时 ${value} 车次，为平时 ${usual} 车次的 ${share(sign)}%（${span.zh}）`,
      en: `gate ${device} counts ${value} trucks an hour, ${share(sign)} % of the usual ${usual} (${span.en})`,
    };
  }
  return {
    zh: `烟气监测 ${device} 流量 ${value} m³/h，为平时 ${usual} m³/h 的 ${share(sign)}%，含氧量 ${formatNumber(sign['o2'])}%（${span.zh}）`,
    en: `stack monitor ${device} measures ${value} m³/h, ${share(sign)} % of the usual ${usual}, at ${formatNumber(sign['o2'])} % O₂ (${span.en})`,
  };
}

function describeMeters(evidence: Evidence): BilingualText {
  const meters = text(evidence['meters']);
  if (evidence['silentMinutes'] === 0)
    return { zh: `生产电表（${meters}）显示停机`, en: `the production meters (${meters}) show standstill` };
  if (evidence['offMinutes'] === 0)
    return { zh: `生产电表（${meters}）没有有效数据`, en: `the production meters (${meters}) send no valid data` };
  return {
    zh: `生产电表（${meters}）显示停机或没有有效数据`,
    en: `the production meters (${meters}) show standstill or send no valid data`,
  };
}

export const orderContradiction: RuleFacts = {
  id: 'order.contradiction',
  version: 1,
  category: 'order',
  title: { zh: '管控期间电表与其他证据矛盾', en: 'Signs of production against the meters, in an order' },
  summary: {
    zh: '管控期间电表显示停机或无数据，而烟气、视频或门禁表明在生产。',
    en: 'In an order the meters say none or nothing, while stack, camera or gate say production.',
  },
  severities: ['medium', 'high', 'critical'],
  basis: [
    { document: 'order (registry or API)', clause: 'scope, time and grace, quoted in the evidence' },
    {
      document: 'project contract',
      clause: 'section 5: stack flow > 50 % of usual with O₂ < 19 %, running seen or gate counts, at least 60 minutes',
    },
  ],
  parameters: [
    {
      name: 'durationMs',
      unit: 'ms',
      default: 60 * MINUTE_MS,
      minimum: MINUTE_MS,
      maximum: DAY_MS,
      help: 'covered time of signs that it must last',
      source: 'project contract, section 5',
    },
    {
      name: 'pauseMs',
      unit: 'ms',
      default: 10 * MINUTE_MS,
      minimum: MINUTE_MS,
      maximum: DAY_MS,
      help: 'contrary covered time after which signs that are no finding yet are forgotten',
      source:
        'engineering judgement: one misread picture or a gust at the stack does not make an hour of work two half hours',
    },
    {
      name: 'restMs',
      unit: 'ms',
      default: 60 * MINUTE_MS,
      minimum: MINUTE_MS,
      maximum: DAY_MS,
      help: 'contrary covered time after which a finding closes',
      source: 'project contract, section 5',
    },
    {
      name: 'flowPercent',
      unit: '%',
      default: 50,
      minimum: 10,
      maximum: 100,
      help: 'share of the usual flow above which a stack says production',
      source: 'project contract, section 5',
    },
    {
      name: 'oxygenPercent',
      unit: '%',
      default: 19,
      minimum: 10,
      maximum: 20.5,
      help: 'oxygen below which gas is of burning',
      source: 'project contract, section 5',
    },
    {
      name: 'trucksPercent',
      unit: '%',
      default: 50,
      minimum: 10,
      maximum: 100,
      help: 'share of the usual hourly count from which a gate says production',
      source: 'engineering judgement: the same share as of the flow',
    },
  ],
  limits: [
    {
      zh: '烟气只有在学到该排口平时流量（至少 12 个运行小时）之后、且测有含氧量时才作数。',
      en: 'A stack counts once its usual flow is learned (12 hours of burning at least), and only where its oxygen is measured.',
    },
    {
      zh: '共用烟囱、摄像头或门禁的其他生产线在运行时，该证据不作数。',
      en: 'What another running line explains (same stack, same camera, same gate) does not count.',
    },
    {
      zh: '停产期间发运库存与生产时的车流看起来相同：门禁只在视频与烟气都没有数据时才作数，且只作中等级别。',
      en: 'Trucks that ship stock look like trucks of production: a gate counts only where camera and stack say nothing, and makes a medium finding.',
    },
    { zh: '没有生产电表的生产线不在其列。', en: 'Lines without production meters are not judged.' },
  ],
  explain: (evidence) => {
    const span = formatMinutes(evidence['minutes']);
    const meters = describeMeters(evidence);
    const signs = list(evidence['signs']).map(describeSign);
    return {
      zh: `管控令 ${text(evidence['order'])} 生效期间，自 ${formatWhen(evidence['since'])} 起累计 ${span.zh}，生产线 ${text(evidence['line'])} 的${meters.zh}，但${signs.map(({ zh }) => zh).join('；')}。应现场核实是否绕表生产。`,
      en: `While order ${text(evidence['order'])} bound line ${text(evidence['line'])}, for ${span.en} since ${formatWhen(evidence['since'])} ${meters.en}, yet ${signs.map(({ en }) => en).join('; ')}. Whether it produces past its meters must be checked on site.`,
    };
  },
};
