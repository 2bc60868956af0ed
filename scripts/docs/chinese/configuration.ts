/** Chinese of what the settings mean, by their English. */
import type { Catalogue } from '../language.ts';

export const CONFIGURATION_ZH: Catalogue = {
  'folder in which everything is kept': '保存全部数据的文件夹',
  'registry file or folder; absent = the one imported last': '登记册文件或文件夹；不写则用最近一次导入的',
  'port of the API; 0 = any free one': '接口端口；0 = 任意空闲端口',
  'port for devices; 0 = any free one': '设备端口；0 = 任意空闲端口',
  'address to listen on': '监听地址',
  'devices and readers need no credentials; loopback only': '设备和读者无需凭据；仅限本机',
  'adds the simulated plants': '加上模拟企业',
  'PEM file of the private key': '私钥的 PEM 文件',
  'PEM file of the certificate chain': '证书链的 PEM 文件',
  'PEM file of the authority that signs device certificates': '签发设备证书的机构的 PEM 文件',
  'where the log is': '日志存于何处',
  'where the series are': '数据序列存于何处',
  'devices that may be connected at one time; each needs an open file':
    '同时连接的设备数上限；每个连接占用一个打开的文件',
  'while storage refuses: seconds until a message is given up and its connection closed':
    '存储拒绝写入时：多少秒后放弃报文并关闭其连接',
  'follows reports on their way: http(s)://host:port of a collector of OpenTelemetry (OTLP); absent = off':
    '跟随上报：OpenTelemetry 采集器（OTLP）的 http(s)://主机:端口；不写则关闭',
  'share of the messages from devices that are followed': '所跟随的设备报文的百分比',
  'days that the log is kept': '日志保留天数',
  'days that raw values are kept': '原始数值保留天数',
  'days that means are kept': '均值保留天数',
  'days that dead letters are kept': '死信保留天数',
  'which plants are simulated: a built-in scenario or a file; implies demo':
    '模拟哪些企业：内置场景或场景文件；隐含 demo',
};
