/**
 * The closed list of signals and their units. The registry may add more; nothing else may.
 */

export const FLAGS = ['N', 'F', 'M', 'S', 'D', 'C', 'T', 'B'] as const;
/** HJ 212-2017 data mark: N normal, F stopped, M maintenance, S set by hand, D fault, C calibration, T over range, B link. */
export type Flag = (typeof FLAGS)[number];

export const DEVICE_KINDS = ['cems', 'meter', 'camera', 'gate'] as const;
export type DeviceKind = (typeof DEVICE_KINDS)[number];

export interface Signal {
  readonly id: string;
  readonly unit: string;
  readonly kind: 'number' | 'text';
  readonly zh: string;
}

/** Pollutants in mg/m³ that are converted to the reference oxygen. */
export const POLLUTANTS = ['so2', 'nox', 'pm', 'co', 'hcl', 'hf', 'nh3', 'nmhc', 'hg'] as const;

const number = (id: string, unit: string, zh: string): Signal => ({ id, unit, kind: 'number', zh });
const text = (id: string, zh: string): Signal => ({ id, unit: '', kind: 'text', zh });

export const SIGNALS: readonly Signal[] = [
  number('so2', 'mg/m³', '二氧化硫'),
  number('nox', 'mg/m³', '氮氧化物'),
  number('pm', 'mg/m³', '颗粒物'),
  number('co', 'mg/m³', '一氧化碳'),
  number('hcl', 'mg/m³', '氯化氢'),
  number('hf', 'mg/m³', '氟化氢'),
  number('nh3', 'mg/m³', '氨'),
  number('nmhc', 'mg/m³', '非甲烷总烃'),
  number('hg', 'mg/m³', '汞'),
  number('o2', '%', '含氧量'),
  number('flow', 'm³/h', '标干流量'),
  number('velocity', 'm/s', '流速'),
  number('temp', '°C', '烟温'),
  number('humidity', '%', '湿度'),
  number('pressure', 'kPa', '静压'),
  number('furnace-temp', '°C', '炉膛温度'),
  number('power', 'kW', '有功功率'),
  number('energy', 'kWh', '电能表码'),
  number('current-a', 'A', 'A相电流'),
  number('current-b', 'A', 'B相电流'),
  number('current-c', 'A', 'C相电流'),
  number('voltage-a', 'V', 'A相电压'),
  number('voltage-b', 'V', 'B相电压'),
  number('voltage-c', 'V', 'C相电压'),
  number('load', '%', '生产负荷'),
  number('bypass', '%', '旁路开度'),
  number('probe-temp', '°C', '采样探头温度'),
  number('line-temp', '°C', '伴热管温度'),
  number('cooler-temp', '°C', '冷凝器温度'),
  number('online', '', '在线'),
  number('occluded', '', '遮挡'),
  number('running', '', '生产画面'),
  number('opacity', '%', '不透光度'),
  text('picture-hash', '画面指纹'),
  number('trucks-in', '', '进厂车次'),
  number('trucks-out', '', '出厂车次'),
  number('cod', 'mg/L', '化学需氧量'),
  number('ammonia-n', 'mg/L', '氨氮'),
  number('tp', 'mg/L', '总磷'),
  number('tn', 'mg/L', '总氮'),
  number('ph', '', 'pH值'),
  number('water-flow', 'm³/h', '废水流量'),
];

/** Signals whose period value is a sum over the period, not a mean. */
export const COUNT_SIGNALS: ReadonlySet<string> = new Set(['trucks-in', 'trucks-out']);
