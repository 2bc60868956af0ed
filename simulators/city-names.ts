/** Names of invented firms and where they are. Nothing here is a real firm: the city of 云麓 does not exist. */
import type { RandomStream } from './plants/random-stream.ts';

const CITY = '云麓';
const FIRST = Array.from('泰恒鼎瑞金源宏盛华诚兴嘉祥隆永昌德顺达康裕丰益');
const SECOND = Array.from('山川岳海林松峰石河原泽朗晖宇辰佳信和美安');

const BUSINESS: Readonly<Record<string, string>> = {
  cement: '水泥有限公司',
  'coal-boiler': '热力有限公司',
  'gas-boiler': '燃气供热站',
  'gas-turbine': '燃气发电有限公司',
  glass: '玻璃有限公司',
  incinerator: '垃圾焚烧发电厂',
  'paint-shop': '涂装有限公司',
  refractory: '耐火材料有限公司',
  sinter: '钢铁有限公司',
  castings: '铸造厂',
  furniture: '家具厂',
  printing: '包装印刷厂',
  plastics: '塑料制品厂',
  stone: '石料厂',
  bricks: '建材厂',
  carbon: '炭素有限公司',
  chemicals: '化工有限公司',
  yard: '商砼站',
  'gated-yard': '物流堆场',
};

/** @param number counts the firms of the city: no two have the same name */
export function firmName(type: string, number: number): string {
  const first = FIRST[number % FIRST.length] ?? '';
  const second = SECOND[Math.floor(number / FIRST.length) % SECOND.length] ?? '';
  const round = Math.floor(number / (FIRST.length * SECOND.length));
  const ordinal = round === 0 ? '' : `第${round + 1}`;
  return `${CITY}${first}${second}${ordinal}${BUSINESS[type] ?? '企业'}`;
}

/** Centre of the invented city, longitude and latitude, and how far its districts and their firms lie around. */
const CENTRE: readonly [number, number] = [113.6, 34.7];
const DISTRICT_DEGREES = 0.25;
const FIRM_DEGREES = 0.09;

/** Somewhere in a district. */
export function locationIn(district: number, districts: number, random: RandomStream, firm: number): [number, number] {
  const angle = (2 * Math.PI * district) / Math.max(1, districts);
  const spread = (index: number): number => FIRM_DEGREES * random.gaussianAt(2 * firm + index) * 0.5;
  const rounded = (degrees: number): number => Math.round(degrees * 1e4) / 1e4;
  return [
    rounded(CENTRE[0] + DISTRICT_DEGREES * Math.cos(angle) + spread(0)),
    rounded(CENTRE[1] + DISTRICT_DEGREES * 0.8 * Math.sin(angle) + spread(1)),
  ];
}
