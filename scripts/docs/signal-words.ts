/** The signals in groups as devices send them, with what the list in the code does not say of them. */
import type { DeviceKind, Flag } from '../../contracts/signals.ts';

type Both = readonly [en: string, zh: string];

interface SignalGroup {
  readonly title: Both;
  /** Id to the English name and, where there is one, a note. */
  readonly signals: Readonly<Record<string, readonly [name: string, note?: Both]>>;
}

export const SIGNAL_GROUPS: readonly SignalGroup[] = [
  {
    title: ['Gases and dust of a stack', '烟气污染物'],
    signals: {
      so2: ['sulphur dioxide'],
      nox: ['nitrogen oxides'],
      pm: ['particulate matter'],
      co: ['carbon monoxide'],
      hcl: ['hydrogen chloride'],
      hf: ['hydrogen fluoride'],
      nh3: ['ammonia'],
      nmhc: ['non-methane hydrocarbons'],
      hg: ['mercury'],
    },
  },
  {
    title: ['State of a stack', '烟气参数'],
    signals: {
      o2: ['oxygen, by volume', ['dry', '干基，体积分数']],
      flow: ['gas flow', ['dry, standard state', '标干']],
      velocity: ['gas velocity'],
      temp: ['gas temperature'],
      humidity: ['humidity, by volume', ['needed where the outlet is `basis: wet`', '排口为 `basis: wet` 时必需']],
      pressure: ['gauge pressure'],
      'furnace-temp': ['temperature of the furnace'],
      'probe-temp': ['temperature of the sampling probe'],
      'line-temp': ['temperature of the heated sampling line'],
      'cooler-temp': ['temperature of the gas cooler'],
      bypass: ['opening of the bypass damper'],
      load: ['load of the plant'],
    },
  },
  {
    title: ['Electricity meters', '分表计电'],
    signals: {
      power: ['active power'],
      energy: [
        'register',
        ['counts up; with `period`, the register at its end', '累计值；带 `period` 时为周期末的表码'],
      ],
      'current-a': ['current of phase A'],
      'current-b': ['current of phase B'],
      'current-c': ['current of phase C'],
      'voltage-a': ['voltage of phase A'],
      'voltage-b': ['voltage of phase B'],
      'voltage-c': ['voltage of phase C'],
    },
  },
  {
    title: ['Cameras', '视频'],
    signals: {
      online: ['camera on line', ['0 or 1', '0 或 1']],
      occluded: ['view covered', ['0 or 1', '0 或 1']],
      running: ['the picture shows production', ['0 or 1', '0 或 1']],
      opacity: ['opacity of the plume'],
      'picture-hash': ['fingerprint of the picture', ['text', '文本']],
    },
  },
  {
    title: ['Gates', '门禁'],
    signals: { 'trucks-in': ['trucks that came in'], 'trucks-out': ['trucks that went out'] },
  },
  {
    title: ['Waste water', '废水'],
    signals: {
      cod: ['chemical oxygen demand'],
      'ammonia-n': ['ammonia nitrogen'],
      tp: ['total phosphorus'],
      tn: ['total nitrogen'],
      ph: ['acidity'],
      'water-flow': ['water flow'],
    },
  },
];

export const FLAG_WORDS: Readonly<Record<Flag, Both>> = {
  N: ['normal: valid', '正常：有效'],
  F: ['the plant stands: not valid', '停运：无效'],
  M: ['maintenance: not valid', '维护：无效'],
  S: ['set by hand: not valid', '手工输入：无效'],
  D: ['instrument broken: not valid', '仪器故障：无效'],
  C: ['calibration: not valid', '校准：无效'],
  T: [
    'over range: valid as a lower bound; can show an exceedance, never compliance',
    '超测量上限：按下限值计为有效；可以说明超标，不能说明达标',
  ],
  B: ['link to the instrument broken: not valid', '仪器通信异常：无效'],
};

export const DEVICE_WORDS: Readonly<Record<DeviceKind, Both>> = {
  cems: ['stack (or waste water) monitor', '烟气（或废水）在线监测设备'],
  meter: ['electricity sub-meter', '分表计电电表'],
  camera: ['video meter', '视频监控'],
  gate: ['vehicle gate', '门禁'],
};
