/** Chinese of the help texts of the metrics, by their English. */
import type { Catalogue } from '../language.ts';

export const METRICS_ZH: Catalogue = {
  'PUBLISH packets taken in': '收到的 PUBLISH 报文数',
  'payload bytes taken in': '收到的报文字节数',
  'PUBACKs sent after the durable write': '落盘后发出的 PUBACK 数',
  'messages without a PUBACK: their devices send them again': '未应答的报文数：设备会重发',
  'reports written to the log': '写入日志的上报数',
  'open connections': '当前连接数',
  'messages that wait for storage now': '当前等待写入的报文数',
  'appends that storage refused': '存储拒绝的写入次数',
  'messages that became dead letters at the door': '接入时转为死信的报文数',
  'connections refused or closed': '被拒绝或关闭的连接数',
  'reports and dead letters read from the log': '从日志读取的上报和死信数',
  'reports taken in, revisions included': '收入的上报数，含改写',
  'reports without effect: the same again': '无影响的上报数：内容重复',
  'reports that differ from an earlier one of the same identity': '与同一标识的先前上报不同的上报数',
  'dead letters kept': '保存的死信数',
  'times a site was read again for late data': '因迟到数据重读企业的次数',
  'reports too late for findings, kept and shown': '过晚而不再产生线索的上报数（仍保存和展示）',
  'reports in quarantine or waiting for the log to tell what they are': '被隔离或等待日志判明的上报数',
  'log records not yet read': '尚未读取的日志记录数',
  'age of the oldest log record not yet read': '最早未读日志记录的滞后时间（秒）',
  'answered requests': '已应答的请求数',
  'time to the answer, ms': '应答用时（毫秒）',
};
