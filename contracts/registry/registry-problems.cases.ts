/** One planted fault for each kind of problem: what is changed in a sound registry, and what must be said about it. */
import type { ProblemCode } from './problem.ts';

/** Sound, and without warnings. */
export const SOUND = `version: 1
timezone: Asia/Shanghai
signals:
  - {id: dioxin, unit: ng/m³, kind: number, zh: 二噁英}
districts:
  - {id: xinmi, name: 新密分局}
sites:
  - id: demo-cement
    name: 示例水泥厂
    district: xinmi
    industry: cement
    grade: [{value: B, from: 2024-01-01, to: 2025-01-01}, {value: A, from: 2025-01-01}]
    positiveList: true
    guaranteed: false
    permit: "91410183"
    contacts: [{name: 值班室, phone: "0371-00000000"}]
    location: [113.39, 34.54]
    devices:
      - {id: cems-1, kind: cems, every: PT1M, mn: "41018300000001"}
      - {id: cems-2, kind: cems, every: PT1M, mn: "41018300000002"}
      - {id: m-total, kind: meter, every: PT1M}
      - {id: m-kiln, kind: meter, every: PT1M, parent: m-total, ctRatio: 200}
      - {id: m-bag, kind: meter, every: PT1M, parent: m-total}
      - {id: m-bag-2, kind: meter, every: PT1M}
      - {id: cam-1, kind: camera, every: PT1M}
    outlets:
      - id: kiln-tail
        device: [{device: cems-1, to: 2025-06-01}, {device: cems-2, from: 2025-06-01}, {device: cems-1, role: backup, from: 2025-06-01}]
        basis: dry
        o2Reference: 10
        ranges: {so2: [0, 200], nox: [0, 500]}
        resolution: {so2: 0.1}
        limits:
          - {signal: nox, max: 100, average: PT1H, from: 2024-01-01, to: 2025-01-01}
          - {signal: nox, max: 90, average: PT1H, from: 2025-01-01}
          - {signal: so2, max: 100, average: P1D, allow: {count: 5, per: P1M}}
        caps: [{signal: nox, tonnes: 120, per: P1Y, from: 2026-01-01}]
        excuse: {start-up: {each: PT4H, year: PT60H}}
    lines:
      - id: kiln-1
        outlets: [kiln-tail]
        production: [{device: m-kiln, rated: 1200, on: 240}]
        treatment: [{device: m-bag, stage: dust, need: 1}, {device: m-bag-2, stage: dust, need: 1}]
        cameras: [cam-1]
        plan:
          - {level: orange, measure: reduce, percent: 50, graceMinutes: 240}
          - {level: red, measure: stop}
    rules: {limit.near: {share: 0.9}}
orders:
  - id: 2026-R-017
    kind: limit
    level: orange
    from: 2026-11-22T00:00:00+08:00
    to: 2026-11-25T00:00:00+08:00
    daily: ["22:00", "06:00"]
    scope: {lines: [demo-cement/kiln-1], industries: [cement]}
    exempt: {guaranteed: true, grades: [leading]}
    reducePercent: 50
marks:
  - {site: demo-cement, outlet: kiln-tail, state: start-up, from: 2026-01-01, to: 2026-01-02}
`;

export interface ProblemCase {
  readonly title: string;
  readonly code: ProblemCode;
  /** The planted fault: the first text gives way to the second. */
  readonly change: readonly [sound: string, faulty: string];
  /** Part of a line of the faulty text: the problem must be told at the first line that holds it. */
  readonly line: string;
  readonly path: string;
  readonly message: RegExp;
  readonly remedy: RegExp;
}

type Row = readonly [
  title: string,
  code: ProblemCode,
  change: readonly [string, string],
  line: string,
  path: string,
  message: RegExp,
  remedy: RegExp,
];

const SITE = 'sites[0]';
const OUTLET = 'sites[0].outlets[0]';
const LINE = 'sites[0].lines[0]';

const PROBLEMS: readonly Row[] = [
  [
    'an unclosed bracket',
    'file-syntax',
    ['[{device: m-kiln, rated: 1200, on: 240}]', '[{device: m-kiln, rated: 1200, on: 240}'],
    'treatment:',
    '',
    /^not YAML 1\.2: /,
    /brackets/,
  ],
  [
    'a tab as indentation',
    'file-syntax',
    ['    industry: cement', '\tindustry: cement'],
    '\tindustry',
    '',
    /tab characters/,
    /spaces/,
  ],
  [
    'two documents in a file',
    'file-syntax',
    ['marks:\n', '---\nmarks:\n'],
    '---',
    '',
    /more than one YAML document/,
    /file of each/,
  ],
  [
    'an alias without its anchor',
    'file-syntax',
    ['{so2: 0.1}', '*small'],
    '*small',
    '',
    /unidentified alias/,
    /Look here/,
  ],
  [
    'an entry that contains itself',
    'file-too-large',
    ['contacts: [{name: 值班室, phone: "0371-00000000"}]', 'contacts: &all [*all]'],
    'version',
    '',
    /contain themselves/,
    /Write the entries out/,
  ],
  [
    'a key that stands twice',
    'key-duplicate',
    ['basis: dry', 'basis: dry\n        basis: wet'],
    'basis: wet',
    `${OUTLET}.basis`,
    /`basis` stands twice/,
    /Remove one/,
  ],
  [
    'a misspelt key',
    'key-unknown',
    ['positiveList: true', 'postiveList: true'],
    'postiveList',
    `${SITE}.postiveList`,
    /unknown key `postiveList`/,
    /Did you mean `positiveList`\?/,
  ],
  [
    'a misspelt required key',
    'key-unknown',
    ['industry: cement', 'industri: cement'],
    'industri',
    `${SITE}.industri`,
    /unknown key `industri`/,
    /Did you mean `industry`\?/,
  ],
  [
    'a key like no other',
    'key-unknown',
    ['basis: dry', 'colour: red'],
    'colour',
    `${OUTLET}.colour`,
    /unknown key `colour`/,
    /Known here: .*basis/,
  ],
  [
    'what a YAML 1.1 tool makes of `on`',
    'key-unknown',
    ['on: 240', 'true: 240'],
    'true: 240',
    `${LINE}.production[0].true`,
    /unknown key `true`/,
    /turned `on` into `true`/,
  ],
  [
    'a misspelt scope',
    'key-unknown',
    ['{lines: [demo-cement/kiln-1], industries', '{linse: [demo-cement/kiln-1], industries'],
    'linse',
    'orders[0].scope.linse',
    /unknown key/,
    /Did you mean `lines`\?/,
  ],
  [
    'a rule id that is none',
    'key-unknown',
    ['limit.near', 'limitNear'],
    'limitNear',
    `${SITE}.rules.limitNear`,
    /does not have the form of a key here/,
    /that form/,
  ],
  [
    'a missing key',
    'key-missing',
    ['    industry: cement\n', ''],
    '- id: demo-cement',
    `${SITE}.industry`,
    /`industry` is missing, expected text \(the industry/,
    /Add `industry`/,
  ],
  [
    'no version in any file',
    'key-missing',
    ['version: 1\n', ''],
    'timezone',
    'version',
    /which version/,
    /Add `version: 1`/,
  ],
  [
    'another version',
    'value-invalid',
    ['version: 1', 'version: 2'],
    'version',
    'version',
    /saw number 2, expected 1/,
    /Write 1/,
  ],
  [
    'a number where text is meant',
    'value-invalid',
    ['permit: "91410183"', 'permit: 91410183'],
    'permit',
    `${SITE}.permit`,
    /saw number 91410183, expected text/,
    /quotes: "91410183"/,
  ],
  [
    'an unquoted HJ 212 number',
    'value-invalid',
    ['mn: "41018300000001"', 'mn: 41018300000001'],
    '41018300000001',
    `${SITE}.devices[0].mn`,
    /saw number/,
    /quotes/,
  ],
  [
    'text where a number is meant',
    'value-invalid',
    ['tonnes: 120', 'tonnes: "120"'],
    'tonnes',
    `${OUTLET}.caps[0].tonnes`,
    /saw text "120", expected a number above 0/,
    /Take the quotes away/,
  ],
  [
    'a number with its unit',
    'value-invalid',
    ['max: 90', 'max: 90 mg'],
    '90 mg',
    `${OUTLET}.limits[1].max`,
    /saw text "90 mg", expected a number/,
    /without its unit/,
  ],
  [
    'a number out of bounds',
    'value-invalid',
    ['o2Reference: 10', 'o2Reference: 21'],
    'o2Reference',
    `${OUTLET}.o2Reference`,
    /saw number 21, expected a number above 0 below 21/,
    /bounds/,
  ],
  [
    'infinity',
    'value-invalid',
    ['ctRatio: 200', 'ctRatio: .inf'],
    '.inf',
    `${SITE}.devices[3].ctRatio`,
    /saw number Infinity/,
    /bounds/,
  ],
  [
    'half a camera',
    'value-invalid',
    ['need: 1}, ', 'need: 1.5}, '],
    'need: 1.5',
    `${LINE}.treatment[0].need`,
    /a whole number from 1/,
    /bounds/,
  ],
  [
    '`yes` for true',
    'value-invalid',
    ['positiveList: true', 'positiveList: yes'],
    'positiveList',
    `${SITE}.positiveList`,
    /saw text "yes", expected true or false or a list/,
    /only `true` and `false`/,
  ],
  [
    'a kind that is none',
    'value-invalid',
    ['{id: cam-1, kind: camera', '{id: cam-1, kind: camara'],
    'camara',
    `${SITE}.devices[6].kind`,
    /expected one of cems, meter, camera, gate/,
    /Did you mean `camera`\?/,
  ],
  [
    'an id in capitals',
    'value-invalid',
    ['id: dioxin', 'id: Di Oxin'],
    'Di Oxin',
    'signals[0].id',
    /expected an id of lower-case letters/,
    /Write `di-oxin`/,
  ],
  [
    'one value where a list is meant',
    'value-invalid',
    ['cameras: [cam-1]', 'cameras: cam-1'],
    'cameras',
    `${LINE}.cameras`,
    /saw text "cam-1", expected a list/,
    /Put it in a list/,
  ],
  [
    'nothing where a list is meant',
    'value-invalid',
    ['outlets: [kiln-tail]', 'outlets:'],
    'outlets:\n        production',
    `${LINE}.outlets`,
    /saw nothing, expected a list/,
    /Write \[\]/,
  ],
  [
    'latitude before longitude',
    'value-invalid',
    ['[113.39, 34.54]', '[34.54, 113.39]'],
    'location',
    `${SITE}.location[1]`,
    /the latitude, which stands second/,
    /bounds/,
  ],
  [
    'half a place',
    'value-invalid',
    ['[113.39, 34.54]', '[113.39]'],
    'location',
    `${SITE}.location`,
    /a list of 1, expected 2 entries/,
    /Complete/,
  ],
  [
    'an empty list of dated values',
    'value-invalid',
    ['guaranteed: false', 'guaranteed: []'],
    'guaranteed: []',
    `${SITE}.guaranteed`,
    /at least one entry/,
    /Complete/,
  ],
  [
    'a time zone that is none',
    'timezone-unknown',
    ['Asia/Shanghai', 'Asia/Shangai'],
    'timezone',
    'timezone',
    /unknown time zone "Asia\/Shangai"/,
    /IANA/,
  ],
  [
    'a district that stands twice',
    'id-duplicate',
    ['name: 新密分局}', 'name: 新密分局}\n  - {id: xinmi, name: 二}'],
    'name: 二',
    'districts[1].id',
    /district `xinmi` stands twice \(the other one: city\.yaml:6\)/,
    /another id/,
  ],
  [
    'a device that stands twice',
    'id-duplicate',
    ['kind: camera, every: PT1M}', 'kind: camera, every: PT1M}\n      - {id: cam-1, kind: camera, every: PT5M}'],
    'PT5M',
    `${SITE}.devices[7].id`,
    /device `cam-1` stands twice \(the other one: city\.yaml:25\)/,
    /another id/,
  ],
  [
    'a signal that is built in',
    'id-duplicate',
    ['id: dioxin', 'id: hg'],
    'id: hg',
    'signals[0].id',
    /signal `hg` is built in \(汞, mg\/m³\)/,
    /as it is/,
  ],
  [
    'an unknown district',
    'reference-unknown',
    ['district: xinmi', 'district: xinm'],
    'district: xinm',
    `${SITE}.district`,
    /unknown district `xinm`/,
    /Did you mean `xinmi`\?/,
  ],
  [
    'an unknown device of an outlet',
    'reference-unknown',
    ['{device: cems-2, from', '{device: cems-3, from'],
    'cems-3',
    `${OUTLET}.device[1].device`,
    /unknown device `cems-3`/,
    /Did you mean `cems-1`\?/,
  ],
  [
    'an unknown device of a line',
    'reference-unknown',
    ['{device: m-kiln,', '{device: press,'],
    'press',
    `${LINE}.production[0].device`,
    /unknown device `press`/,
    /under the `devices`.*Known here: .*m-kiln/,
  ],
  [
    'an unknown outlet',
    'reference-unknown',
    ['outlets: [kiln-tail]', 'outlets: [kiln-tale]'],
    'kiln-tale',
    `${LINE}.outlets[0]`,
    /unknown outlet `kiln-tale`/,
    /Did you mean `kiln-tail`\?/,
  ],
  [
    'a misspelt parent',
    'reference-unknown',
    ['parent: m-total, ctRatio', 'parent: m-totl, ctRatio'],
    'm-totl',
    `${SITE}.devices[3].parent`,
    /unknown device `m-totl`/,
    /Did you mean `m-total`\?/,
  ],
  [
    'an unknown signal of a limit',
    'reference-unknown',
    ['{signal: so2,', '{signal: sox,'],
    'sox',
    `${OUTLET}.limits[2].signal`,
    /unknown signal `sox`/,
    /Did you mean `so2`|`nox`/,
  ],
  [
    'an unknown signal of a range',
    'reference-unknown',
    ['{so2: [0, 200]', '{so3-total: [0, 200]'],
    'so3-total',
    `${OUTLET}.ranges.so3-total`,
    /unknown signal/,
    /Declare it under `signals`/,
  ],
  [
    'an unknown line of an order',
    'reference-unknown',
    ['demo-cement/kiln-1', 'demo-cement/kiln-2'],
    'kiln-2',
    'orders[0].scope.lines[0]',
    /unknown line `demo-cement\/kiln-2`/,
    /Did you mean `demo-cement\/kiln-1`\?/,
  ],
  [
    'an unknown site of an exemption',
    'reference-unknown',
    ['exempt: {', 'exempt: {sites: [steel], '],
    'steel',
    'orders[0].exempt.sites[0]',
    /unknown site `steel`/,
    /a site of the registry/,
  ],
  [
    'an unknown site of a mark',
    'reference-unknown',
    ['{site: demo-cement', '{site: demo-cemnt'],
    'demo-cemnt',
    'marks[0].site',
    /unknown site/,
    /Did you mean `demo-cement`\?/,
  ],
  [
    'an unknown outlet of a mark',
    'reference-unknown',
    ['outlet: kiln-tail, state', 'outlet: stack, state'],
    'outlet: stack',
    'marks[0].outlet',
    /unknown outlet `stack`/,
    /Name an outlet/,
  ],
  [
    'a meter as a stack monitor',
    'device-kind-wrong',
    ['{device: cems-2, from', '{device: m-kiln, from'],
    'm-kiln, from',
    `${OUTLET}.device[1].device`,
    /`m-kiln` is a meter, expected a cems/,
    /Name a cems/,
  ],
  [
    'a camera as a production meter',
    'device-kind-wrong',
    ['{device: m-kiln,', '{device: cam-1,'],
    '{device: cam-1,',
    `${LINE}.production[0].device`,
    /`cam-1` is a camera, expected a meter/,
    /Name a meter/,
  ],
  [
    'a meter as a camera',
    'device-kind-wrong',
    ['cameras: [cam-1]', 'cameras: [m-bag]'],
    'cameras',
    `${LINE}.cameras[0]`,
    /`m-bag` is a meter, expected a camera/,
    /Name a camera/,
  ],
  [
    'a camera with a parent',
    'device-kind-wrong',
    ['kind: camera, every: PT1M}', 'kind: camera, every: PT1M, parent: m-total}'],
    'kind: camera',
    `${SITE}.devices[6].parent`,
    /a camera has no parent/,
    /Remove `parent`/,
  ],
  [
    'meters that are each other’s parent',
    'meter-cycle',
    ['id: m-total, kind: meter, every: PT1M', 'id: m-total, kind: meter, every: PT1M, parent: m-bag'],
    'id: m-total',
    `${SITE}.devices[2].parent`,
    /m-total → m-bag → m-total/,
    /topmost/,
  ],
  [
    'a date that is none',
    'instant-invalid',
    ['from: 2026-01-01}]', 'from: 2026-02-30}]'],
    '2026-02-30',
    `${OUTLET}.caps[0].from`,
    /saw text "2026-02-30", expected an RFC 3339 instant/,
    /2026-11-22/,
  ],
  [
    'an instant without offset',
    'instant-invalid',
    ['2026-11-22T00:00:00+08:00', '2026-11-22T00:00:00'],
    '2026-11-22T00:00:00',
    'orders[0].from',
    /saw text/,
    /offset/,
  ],
  [
    'a cadence that is no duration',
    'duration-invalid',
    ['kind: camera, every: PT1M', 'kind: camera, every: 60s'],
    '60s',
    `${SITE}.devices[6].every`,
    /saw text "60s", expected an ISO 8601 duration/,
    /PT1M/,
  ],
  [
    'a cadence of months',
    'duration-invalid',
    ['kind: camera, every: PT1M', 'kind: camera, every: P1M'],
    'every: P1M',
    `${SITE}.devices[6].every`,
    /saw text "P1M"/,
    /PT1M/,
  ],
  [
    'a cadence beyond a day',
    'duration-invalid',
    ['kind: camera, every: PT1M', 'kind: camera, every: P2D'],
    'P2D',
    `${SITE}.devices[6].every`,
    /no report covers more than a day/,
    /P1D at most/,
  ],
  [
    'an average that does not divide a day',
    'duration-invalid',
    ['average: P1D', 'average: PT7M'],
    'PT7M',
    `${OUTLET}.limits[2].average`,
    /saw text "PT7M", expected a period of whole minutes that divide a day/,
    /midnight/,
  ],
  [
    'an average of seconds',
    'duration-invalid',
    ['average: P1D', 'average: PT30S'],
    'PT30S',
    `${OUTLET}.limits[2].average`,
    /saw text "PT30S"/,
    /midnight/,
  ],
  [
    'an allowance over no period',
    'duration-invalid',
    ['per: P1M', 'per: month'],
    'per: month',
    `${OUTLET}.limits[2].allow.per`,
    /saw text "month"/,
    /midnight/,
  ],
  [
    'a budget that is no duration',
    'duration-invalid',
    ['each: PT4H', 'each: 4h'],
    'each: 4h',
    `${OUTLET}.excuse.start-up.each`,
    /saw text "4h"/,
    /PT4H/,
  ],
  [
    'an order that ends before it begins',
    'span-reversed',
    ['to: 2026-11-25', 'to: 2026-11-21'],
    'to: 2026-11-21',
    'orders[0].to',
    /`to` \(2026-11-21T00:00:00\+08:00\) is not after `from`/,
    /up to, without/,
  ],
  [
    'a limit of no time',
    'span-reversed',
    ['from: 2024-01-01, to: 2025-01-01}\n', 'from: 2025-01-01, to: 2025-01-01}\n'],
    'max: 100, average: PT1H',
    `${OUTLET}.limits[0].to`,
    /is not after/,
    /without/,
  ],
  [
    'a mark that ends before it begins',
    'span-reversed',
    ['to: 2026-01-02}', 'to: 2025-01-02}'],
    'to: 2025-01-02',
    'marks[0].to',
    /is not after/,
    /without/,
  ],
  [
    'grades that overlap',
    'dated-overlap',
    ['to: 2025-01-01}, {value: A', 'to: 2025-02-01}, {value: A'],
    'grade',
    `${SITE}.grade[1].from`,
    /still in force/,
    /End the one above/,
  ],
  [
    'grades that overlap for ever',
    'dated-overlap',
    ['to: 2025-01-01}, {value: A', 'to: null}, {value: A'],
    'grade',
    `${SITE}.grade[1].from`,
    /still in force/,
    /End the one above/,
  ],
  [
    'grades out of order',
    'dated-unordered',
    ['value: A, from: 2025-01-01', 'value: A, from: 2023-01-01'],
    'grade',
    `${SITE}.grade[1].from`,
    /begins before the one above/,
    /order of `from`/,
  ],
  [
    'a device that stands in for itself',
    'dated-overlap',
    ['{device: cems-1, role: backup', '{device: cems-2, role: backup'],
    'role: backup',
    `${OUTLET}.device`,
    /`cems-2` is primary and backup at the same time/,
    /another device/,
  ],
  [
    'limits that overlap',
    'limit-overlap',
    ['max: 90, average: PT1H, from: 2025-01-01', 'max: 90, average: PT60M, from: 2024-07-01'],
    'PT60M',
    `${OUTLET}.limits[1]`,
    /limit of `nox` over PT60M overlaps another one in time \(the other one: city\.yaml:34\)/,
    /End the earlier one/,
  ],
  [
    'a limit without a bound',
    'limit-bounds',
    ['{signal: so2, max: 100,', '{signal: so2,'],
    '{signal: so2,',
    `${OUTLET}.limits[2]`,
    /neither `max` nor `min`/,
    /Give it/,
  ],
  [
    'a limit that nothing can keep',
    'limit-bounds',
    ['{signal: so2, max: 100,', '{signal: so2, max: 100, min: 101,'],
    'min: 101',
    `${OUTLET}.limits[2].max`,
    /`max` 100 is below `min` 101/,
    /Exchange/,
  ],
  [
    'a limit on text',
    'signal-unusable',
    ['{signal: so2,', '{signal: picture-hash,'],
    'picture-hash',
    `${OUTLET}.limits[2].signal`,
    /`picture-hash` is text/,
    /kind number/,
  ],
  [
    'a cap on a temperature',
    'signal-unusable',
    ['[{signal: nox, tonnes', '[{signal: temp, tonnes'],
    'signal: temp',
    `${OUTLET}.caps[0].signal`,
    /`temp` is in °C: times a flow it gives no tonnes/,
    /mg\/m³/,
  ],
  [
    'caps that overlap',
    'cap-overlap',
    ['from: 2026-01-01}]', 'from: 2026-01-01}, {signal: nox, tonnes: 1, per: P1Y}]'],
    'caps',
    `${OUTLET}.caps[0]`,
    /cap of `nox` over P1Y overlaps/,
    /End the earlier one/,
  ],
  [
    'a range that ends where it begins',
    'range-reversed',
    ['so2: [0, 200]', 'so2: [200, 200]'],
    'so2: [200',
    `${OUTLET}.ranges.so2`,
    /ends at 200, which is not above its begin 200/,
    /\[low, high\]/,
  ],
  [
    'a budget above the year’s',
    'budget-reversed',
    ['each: PT4H', 'each: P3D'],
    'each: P3D',
    `${OUTLET}.excuse.start-up`,
    /longer \(P3D\) than all of a year \(PT60H\)/,
    /`each` be `year` at most/,
  ],
  [
    'a level that stands twice',
    'plan-duplicate',
    ['level: red', 'level: orange'],
    'measure: stop',
    `${LINE}.plan[1].level`,
    /`orange` stands twice in this plan/,
    /Remove one/,
  ],
  [
    'a reduction by nothing',
    'plan-incomplete',
    ['percent: 50, ', ''],
    'measure: reduce',
    `${LINE}.plan[0]`,
    /by how much/,
    /Add `percent`/,
  ],
  [
    'more machines needed than there are',
    'stage-need',
    ['{device: m-bag, stage: dust, need: 1}, {device: m-bag-2, stage: dust, need: 1}', '{device: m-bag, need: 2}'],
    'need: 2',
    `${LINE}.treatment[0].need`,
    /`need` is 2, and a meter without stage has 1/,
    /lower `need`/,
  ],
  [
    'two needs in one stage',
    'stage-need',
    ['{device: m-bag-2, stage: dust, need: 1}', '{device: m-bag-2, stage: dust, need: 2}'],
    'need: 2',
    `${LINE}.treatment[1].need`,
    /`need` is 2, and 1 at the first meter of stage `dust`/,
    /the same `need`/,
  ],
  [
    'a limiting order without a limit',
    'order-incomplete',
    ['    reducePercent: 50\n', ''],
    'id: 2026-R-017',
    'orders[0].reducePercent',
    /by how much/,
    /Add `reducePercent`/,
  ],
  [
    'a plan order without a level',
    'order-incomplete',
    ['kind: limit\n    level: orange', 'kind: plan'],
    'id: 2026-R-017',
    'orders[0].level',
    /which level/,
    /Add `level`/,
  ],
  [
    'an hour that is none',
    'order-daily',
    ['"22:00"', '"25:00"'],
    '25:00',
    'orders[0].daily[0]',
    /saw text "25:00", expected a time of day/,
    /"22:00"/,
  ],
  [
    'hours of no time',
    'order-daily',
    ['"06:00"', '"22:00"'],
    'daily',
    'orders[0].daily',
    /begins and ends at 22:00/,
    /whole day/,
  ],
];

const WARNINGS: readonly Row[] = [
  [
    'a range below 1.5 × the limit',
    'range-narrow',
    ['nox: [0, 500]', 'nox: [0, 149]'],
    'ranges',
    `${OUTLET}.ranges.nox`,
    /ends at 149, below 1\.5 × its limit 100 \(the range is of the measured value/,
    /wider range/,
  ],
  [
    'a parent that is not there',
    'parent-unknown',
    ['parent: m-total, ctRatio', 'parent: transformer, ctRatio'],
    'transformer',
    `${SITE}.devices[3].parent`,
    /`transformer` is no device of this site/,
    /once it reports/,
  ],
  [
    'a time without a grade',
    'dated-gap',
    ['to: 2025-01-01}, {value: A', 'to: 2024-12-01}, {value: A'],
    'grade',
    `${SITE}.grade[1].from`,
    /nothing is in force/,
    /Close the gap/,
  ],
  [
    'an order that names a livelihood firm',
    'order-names-exempt',
    ['guaranteed: false', 'guaranteed: [{value: true, from: 2026-11-23}]'],
    'scope:',
    'orders[0].scope.lines[0]',
    /`demo-cement\/kiln-1` is named, and it is exempt: it serves the livelihood/,
    /Exempt always wins/,
  ],
  [
    'an order that names an exempt grade',
    'order-names-exempt',
    ['grades: [leading]', 'grades: [A]'],
    'scope:',
    'orders[0].scope.lines[0]',
    /its grade A is/,
    /Exempt always wins/,
  ],
  [
    'an order that reaches nobody',
    'order-empty',
    ['{lines: [demo-cement/kiln-1], industries: [cement]}', '{sites: []}'],
    'scope:',
    'orders[0].scope',
    /reaches nobody/,
    /Name sites/,
  ],
  [
    'an industry without a site',
    'order-industry',
    ['industries: [cement]', 'industries: [cemnt]'],
    'scope:',
    'orders[0].scope.industries[0]',
    /no site is of industry `cemnt`/,
    /Did you mean `cement`\?/,
  ],
  [
    'a machine that never counts as on',
    'meter-rating',
    ['on: 240', 'on: 2400'],
    'on: 2400',
    `${LINE}.production[0].on`,
    /`on` 2400 kW is above `rated` 1200 kW/,
    /Correct/,
  ],
  [
    'wet gas without humidity',
    'humidity-missing',
    ['basis: dry', 'basis: wet'],
    'basis',
    `${OUTLET}.basis`,
    /no `humidity`/,
    /report `humidity`/,
  ],
  [
    'a state that is almost one',
    'mark-state',
    ['state: start-up', 'state: startup'],
    'startup',
    'marks[0].state',
    /no rule knows the state `startup`/,
    /Did you mean `start-up`\?/,
  ],
  [
    'an HJ 212 number at two devices',
    'number-shared',
    ['41018300000002', '41018300000001'],
    'id: cems-2',
    `${SITE}.devices[1].mn`,
    /41018300000001 stands at two devices \(the other one: city\.yaml:19\)/,
    /correct one/,
  ],
];

const toCase = ([title, code, change, line, path, message, remedy]: Row): ProblemCase => ({
  title,
  code,
  change,
  line,
  path,
  message,
  remedy,
});

export const PROBLEM_CASES: readonly ProblemCase[] = PROBLEMS.map(toCase);
export const WARNING_CASES: readonly ProblemCase[] = WARNINGS.map(toCase);
