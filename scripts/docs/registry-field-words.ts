import type { FieldWords } from './language.ts';

const SITE = 'sites[]';
const OUTLET = `${SITE}.outlets[]`;
const LINE = `${SITE}.lines[]`;

const FROM = ['自何时起；不写则一直有效', 'from when on; absent = ever since'] as const;
const TO = [
  '至何时（不含）；null 或不写则至另行通知',
  'until when, exclusive; null or absent = until further notice',
] as const;

const TOP: FieldWords = {
  version: ['本格式的版本；至少写在一个文件中'],
  timezone: ['IANA 时区；不写则为 Asia/Shanghai'],
  signals: ['列表以外的因子', 'signals beside the list in the code'],
  districts: ['分局', 'sub-bureaus'],
  sites: ['企业', 'firms'],
  orders: ['管控令，见下文', 'see [order](#order)'],
  marks: ['标记，见下文', 'see [mark](#mark)'],
  'signals[].id': ['编号', 'its id'],
  'signals[].unit': ['单位', 'its unit'],
  'signals[].kind': ['数字或文本', 'whether its values are numbers or text'],
  'signals[].zh': ['中文名称'],
  'districts[].id': ['编号', 'its id'],
  'districts[].name': ['分局名称'],
};

const SITES: FieldWords = {
  [`${SITE}.id`]: ['编号；也用于主题和用户名', 'its id; stands in topics and user names'],
  [`${SITE}.name`]: ['企业名称'],
  [`${SITE}.district`]: ['所属分局', 'the district that it belongs to'],
  [`${SITE}.industry`]: ['行业，如 cement'],
  [`${SITE}.grade`]: ['绩效分级', 'performance grade 绩效分级'],
  [`${SITE}.positiveList`]: ['正面清单', 'on the positive list 正面清单: no visit without a second signature'],
  [`${SITE}.guaranteed`]: ['民生保障企业', 'livelihood firm 民生保障'],
  [`${SITE}.permit`]: ['排污许可证编号；全为数字时加引号'],
  [`${SITE}.contacts`]: ['联系人', 'who to call'],
  [`${SITE}.location`]: ['经度、纬度', 'longitude, latitude'],
  [`${SITE}.devices`]: ['设备', 'what reports'],
  [`${SITE}.outlets`]: ['排口', 'what is measured and has limits'],
  [`${SITE}.lines`]: ['生产线', 'what produces'],
  [`${SITE}.rules`]: ['规则编号 → 与默认值不同的参数'],
  [`${SITE}.contacts[].name`]: ['姓名或岗位'],
  [`${SITE}.contacts[].phone`]: ['电话，加引号'],
  [`${SITE}.devices[].id`]: ['编号；也用于主题和用户名', 'its id; stands in topics and user names'],
  [`${SITE}.devices[].kind`]: ['种类', 'what it is: [kinds](signals.md#kinds-of-device)'],
  [`${SITE}.devices[].every`]: ['应有的上报间隔，如 PT1M'],
  [`${SITE}.devices[].mn`]: ['HJ 212 设备编号，加引号'],
  [`${SITE}.devices[].parent`]: ['上级电表：其用电包含本表', 'the meter whose energy includes this one'],
  [`${SITE}.devices[].ctRatio`]: ['电流互感器变比'],
};

const OUTLETS: FieldWords = {
  [`${OUTLET}.id`]: ['编号', 'its id'],
  [`${OUTLET}.kind`]: ['烟囱（默认）或废水排口', 'stack (default) or waste water'],
  [`${OUTLET}.device`]: [
    '监测设备；换表或有备用时写列表',
    'what measures it; a list where it changed or has a stand-in',
  ],
  [`${OUTLET}.basis`]: [
    '浓度为干基（默认）或湿基；湿基需要湿度',
    'concentrations dry (default) or wet; wet needs humidity',
  ],
  [`${OUTLET}.o2Reference`]: [
    '基准含氧量，%；不写则按实测值判定',
    'reference oxygen, %; absent = limits are on the measured value',
  ],
  [`${OUTLET}.ranges`]: ['因子 → 仪器量程 [下限, 上限]'],
  [`${OUTLET}.resolution`]: ['因子 → 最小分度'],
  [`${OUTLET}.limits`]: ['浓度等的限值', 'what a mean may be'],
  [`${OUTLET}.caps`]: ['总量指标', 'tonnes that may be emitted'],
  [`${OUTLET}.excuse`]: [
    '豁免额度；不写则每种状态每次 4 小时、每年 60 小时',
    'budgets of excusing marks; PT4H each and PT60H a year unless said',
  ],
  [`${OUTLET}.excuse.{state}`]: ['该状态的额度', 'budget of marks of this state'],
  [`${OUTLET}.excuse.{state}.each`]: ['每次，如 PT4H', 'each time, such as PT4H'],
  [`${OUTLET}.excuse.{state}.year`]: ['每年，如 PT60H', 'in a year, such as PT60H'],
  [`${OUTLET}.device[].device`]: ['设备', 'the device'],
  [`${OUTLET}.device[].role`]: [
    '主用（默认）或备用',
    'primary (default), or backup: serves where the primary is not valid',
  ],
  [`${OUTLET}.device[].from`]: FROM,
  [`${OUTLET}.device[].to`]: TO,
  [`${OUTLET}.limits[].signal`]: ['因子', 'the signal'],
  [`${OUTLET}.limits[].max`]: ['上限', 'the most that the mean may be'],
  [`${OUTLET}.limits[].min`]: ['下限', 'the least that the mean may be'],
  [`${OUTLET}.limits[].average`]: ['平均周期，如 PT1H、P1D'],
  [`${OUTLET}.limits[].from`]: FROM,
  [`${OUTLET}.limits[].to`]: TO,
  [`${OUTLET}.limits[].source`]: ['依据'],
  [`${OUTLET}.limits[].allow`]: ['允许超过的次数', 'breaks that are allowed: only those after them are findings'],
  [`${OUTLET}.limits[].allow.count`]: ['次数', 'how many'],
  [`${OUTLET}.limits[].allow.per`]: ['每多长时间，如 P1D'],
  [`${OUTLET}.limits[].role`]: ['法定（默认）或仅预警', 'legal (default), or warning: findings are `low`'],
  [`${OUTLET}.caps[].signal`]: ['因子', 'the signal'],
  [`${OUTLET}.caps[].tonnes`]: ['可排放的吨数'],
  [`${OUTLET}.caps[].per`]: ['周期，如 P1Y'],
  [`${OUTLET}.caps[].from`]: FROM,
  [`${OUTLET}.caps[].to`]: TO,
  [`${OUTLET}.caps[].source`]: ['依据'],
};

const LINES: FieldWords = {
  [`${LINE}.id`]: ['编号；管控令中写作“企业/生产线”', 'its id; orders name it as `site/line`'],
  [`${LINE}.outlets`]: ['所接排口', 'outlets that it feeds'],
  [`${LINE}.production`]: ['生产设施电表', 'meters of what produces'],
  [`${LINE}.treatment`]: ['治污设施电表', 'meters of what cleans'],
  [`${LINE}.cameras`]: ['拍摄它的视频', 'cameras that show it'],
  [`${LINE}.guaranteed`]: ['民生保障生产线', 'livelihood line 民生保障'],
  [`${LINE}.baseline`]: ['申报的用电基准，供限产判定', 'filed energy, what reductions are measured against'],
  [`${LINE}.baseline.kWhPerHour`]: ['每小时用电，kWh'],
  [`${LINE}.baseline.source`]: ['申报文件'],
  [`${LINE}.plan`]: ['一厂一策：各级别应采取的措施', 'what it must do at each level 一厂一策'],
  [`${LINE}.production[].device`]: ['电表', 'the meter'],
  [`${LINE}.production[].rated`]: ['额定功率，kW'],
  [`${LINE}.production[].on`]: [
    '视为开启的功率，kW；不写则自动学习',
    'kW from which it counts as on; absent = learned',
  ],
  [`${LINE}.treatment[].device`]: ['电表', 'the meter'],
  [`${LINE}.treatment[].rated`]: ['额定功率，kW'],
  [`${LINE}.treatment[].on`]: ['视为开启的功率，kW；不写则自动学习', 'kW from which it counts as on; absent = learned'],
  [`${LINE}.treatment[].stage`]: [
    '同一工段的电表互为备用；不写则该设施必须开启',
    'meters of one stage are alternatives; absent = must be on itself',
  ],
  [`${LINE}.treatment[].need`]: ['该工段须开启几台，默认 1', 'how many of the stage must be on, 1 unless said'],
  [`${LINE}.plan[].level`]: ['预警级别', 'level of the order'],
  [`${LINE}.plan[].measure`]: ['停产、限产、禁止运输或无措施', 'stop, reduce, no trucks, or nothing'],
  [`${LINE}.plan[].percent`]: ['限产百分比', 'how much less, for `reduce`'],
  [`${LINE}.plan[].graceMinutes`]: ['宽限分钟数，代替管控令的', 'time to come down; replaces that of the order'],
};

export const REGISTRY_FIELDS: FieldWords = { ...TOP, ...SITES, ...OUTLETS, ...LINES };
