/** What dead letter reasons and exit codes mean, and what to do, in English and Chinese. */
import type { EXIT } from '../../cli/exit-code.ts';
import type { DeadLetterReason } from '../../contracts/errors.ts';

type Both = readonly [en: string, zh: string];

interface ReasonWords {
  readonly meaning: Both;
  readonly remedy: Both;
}

const IMPORT: Both = ['import the registry, then redrive', '导入登记册，然后重新送入'];

export const REASON_WORDS: Readonly<Record<DeadLetterReason, ReasonWords>> = {
  'payload-not-utf8': {
    meaning: ['the payload is not UTF-8; it is kept in base64', '内容不是 UTF-8；以 base64 保存'],
    remedy: ['send JSON in UTF-8', '发送 UTF-8 编码的 JSON'],
  },
  'payload-not-json': {
    meaning: ['the payload is not JSON', '内容不是 JSON'],
    remedy: ['send one report or an array of reports', '发送一条上报或上报数组'],
  },
  'payload-too-long': {
    meaning: [
      'more than 1 MiB; only the beginning is kept, and it is not acknowledged',
      '超过 1 MiB；只保存开头，且不应答',
    ],
    remedy: ['send smaller arrays', '减小数组'],
  },
  'report-invalid': {
    meaning: [
      'a field is missing or has the wrong form; an array is empty or holds more than 1,000',
      '缺少字段或格式错误；数组为空或超过 1,000 条',
    ],
    remedy: ['see `detail`: it names the field', '见 `detail`，其中指明字段'],
  },
  'instant-invalid': {
    meaning: ['`ts` or another time is not RFC 3339 with offset', '`ts` 或其他时间不是带时差的 RFC 3339'],
    remedy: ['write `2026-11-22T08:00:00+08:00`', '写作 `2026-11-22T08:00:00+08:00`'],
  },
  'value-kind-wrong': {
    meaning: ['a value is not finite, or text where a number is meant', '数值不是有限数，或应为数字处写了文本'],
    remedy: ['see `detail`: it names the signal', '见 `detail`，其中指明因子'],
  },
  'site-unknown': { meaning: ['the registry in force has no such site', '现行登记册中没有该企业'], remedy: IMPORT },
  'device-unknown': { meaning: ['the site has no such device', '该企业没有该设备'], remedy: IMPORT },
  'signal-unknown': {
    meaning: ['no such signal', '没有该因子'],
    remedy: [
      'correct the name, or declare it under `signals` and redrive',
      '更正名称，或在 `signals` 下登记后重新送入',
    ],
  },
  'topic-invalid': {
    meaning: ['not a report topic', '不是上报主题'],
    remedy: ['publish under `stackwarden/v1/{site}/{device}/report`', '发布到 `stackwarden/v1/{site}/{device}/report`'],
  },
  'topic-not-own': {
    meaning: ['the topic of another device; the connection was closed', '其他设备的主题；连接已关闭'],
    remedy: ['use the credentials of that device', '使用该设备的凭据'],
  },
  'clock-future': {
    meaning: [
      'more than 5 minutes ahead: quarantined, and taken in by itself once its time has come',
      '超前 5 分钟以上：隔离，时间到后自动收入',
    ],
    remedy: ["set the device's clock", '校准设备时钟'],
  },
  'clock-far-future': {
    meaning: ['more than 24 hours ahead: stays here', '超前 24 小时以上：留在此处'],
    remedy: ["set the device's clock, send again", '校准设备时钟后重发'],
  },
  'detector-failed': {
    meaning: [
      'kept for a report that the detector could not read; this version never gives it',
      '为检测器无法读取的上报保留；本版本不会产生',
    ],
    remedy: ['report it', '请反馈'],
  },
};

export const EXIT_WORDS: Readonly<Record<keyof typeof EXIT, Both>> = {
  done: ['done', '完成'],
  input: [
    'the input was wrong: a registry, a file, an id; `doctor` found something',
    '输入有误：登记册、文件或编号；或 `doctor` 发现问题',
  ],
  usage: ['usage: an unknown command or flag, or one is missing', '用法错误：未知或缺少命令、参数'],
  ours: ['our fault; the message says where', '程序自身的错误；信息中指明位置'],
  cannotWrite: ['cannot write: disk full, no permission', '无法写入：磁盘已满或没有权限'],
  tryLater: [
    'try later: a port or the data folder is in use, a server is away',
    '稍后再试：端口或数据文件夹被占用，或服务器不可用',
  ],
  configuration: ['configuration: all problems are listed', '配置错误：全部列出'],
};
