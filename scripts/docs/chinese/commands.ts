/** Chinese of what the commands and their flags do, by their English. */
import type { Catalogue } from '../language.ts';

export const COMMANDS_ZH: Catalogue = {
  'everything in one process with embedded storage': '在一个进程内运行全部功能，存储内嵌',
  'prints every problem with file, line and path': '列出全部问题，附文件、行号和路径',
  'puts a registry into force, also in a running system': '使登记册生效，也可用于运行中的系统',
  'SITE/DEVICE, or a gateway with --grant; shows the password once':
    '为 SITE/DEVICE 建立凭据，网关另用 --grant；密码只显示一次',
  'for everyone in a registry who has none; a line of JSON each, with the password':
    '为登记册中所有尚无凭据者建立凭据；每个一行 JSON，内含密码',
  'one for each site (its gateway) or for each device': '每个企业一份（供其网关使用），或每台设备一份',
  'without secrets': '列出凭据，不含密码',
  'its connections are closed within seconds': '吊销凭据，其连接在数秒内关闭',
  'shows the key once': '建立接口密钥，只显示一次',
  'checks disk, files, database, backup, clock, limits, ports, and the servers that the settings name; one line each, with the remedy':
    '检查磁盘、文件、数据库、备份、时钟、系统限制、端口，以及设置所指的服务器；每项一行，附处理办法',
  'without reading the whole database': '不通读整个数据库',
  'takes a database whose write-ahead log is lost or damaged as it is': '数据库的预写日志丢失或损坏时，按现状接受',
  'copies the data folder into a new folder, also while the system runs, and looks through the copy':
    '把数据文件夹复制到新文件夹（系统运行时也可以），并通读检查副本',
  'puts a backup into the data folder, after it was looked through; the system must not run':
    '通读检查备份后放入数据文件夹；系统不得在运行',
  'moves aside what is in the data folder': '先把数据文件夹中的原有数据移到一旁',
  'the whole log, for `replay --log`': '导出整个日志，供 `replay --log` 使用',
  'offline and deterministic: reports or a log in, findings in their final state out':
    '离线、确定性重放：读入上报或日志，写出最终状态的线索',
  'devices of a few plants with labelled faults; same seed, same bytes':
    '模拟若干企业的设备和带标签的异常；种子相同，输出逐字节相同',
  'data folder': '数据文件夹',
  'configuration file (YAML)': '配置文件（YAML）',
  'registry file or folder to put into force': '要生效的登记册文件或文件夹',
  'port of the API (8080; 0 = any free one)': '接口端口（8080；0 = 任意空闲端口）',
  'port for devices (1883; 0 = any free one)': '设备端口（1883；0 = 任意空闲端口）',
  'address to listen on (127.0.0.1)': '监听地址（127.0.0.1）',
  'private key, PEM': '私钥，PEM',
  'certificate, PEM': '证书，PEM',
  'authority of the device certificates, PEM': '设备证书的签发机构，PEM',
  'adds simulated plants; loopback only': '加上模拟企业；仅限本机',
  'devices and readers need no credentials; loopback only': '设备和读者无需凭据；仅限本机',
  'one line of JSON when ready': '就绪时输出一行 JSON',
  'as JSON': '以 JSON 输出',
  'for a gateway: SITE/DEVICE or SITE/*; may repeat': '用于网关：SITE/DEVICE 或 SITE/*；可重复',
  'admin, operator, watch, district or analyst': '角色：admin、operator、watch、district 或 analyst',
  'only this district; may repeat': '仅限此分局；可重复',
  'registry to check': '要检查的登记册',
  'port of the API': '接口端口',
  'port for devices': '设备端口',
  address: '地址',
  'NDJSON to write; .gz is packed, - is standard output; on Kafka a file for each partition, with its number in the name':
    '写出的 NDJSON；.gz 则压缩，- 为标准输出；使用 Kafka 时每个分区一个文件，文件名带分区号',
  'registry file or folder; needed with --reports; with --log it stands in place of those in the log':
    '登记册文件或文件夹；与 --reports 同用时必填；与 --log 同用时代替日志中的登记册',
  'NDJSON, also .gz and .zst; - is standard input': 'NDJSON，也可为 .gz 和 .zst；- 为标准输入',
  'an exported log': '导出的日志',
  'NDJSON to write; - is standard output': '写出的 NDJSON；- 为标准输出',
  'means to write': '写出的均值',
  'bad lines and refused reports to write': '写出的坏行和被拒绝的上报',
  'scenario file, or a built-in one such as `demo` or `city`': '场景文件，或内置的场景，如 `demo`、`city`',
  'what its clients log in with: lines of `credentials add --json`':
    '客户端登录所用的凭据：`credentials add --json` 的输出，每行一条',
  'instead of the scenario’s own': '代替场景自带的种子',
  'publish to this endpoint': '发布到此端点',
  'write reports as NDJSON': '把上报写成 NDJSON',
  'write what is wrong, where and when': '写出何处、何时有什么异常（真值）',
  'write the registry that belongs to it': '写出配套的登记册',
  'how much faster than the clock': '比时钟快多少倍',
  'begin of live time instead of the scenario’s own': '实时开始的时刻，代替场景自带的',
  'instead of the plants of the demo: `city` or another built-in scenario, or a file':
    '代替演示企业：`city` 或其他内置场景，或场景文件',
  'takes in reports from devices, or from a broker, into the log on Kafka; any number of them':
    '把设备或 MQTT 服务器的上报收进 Kafka 上的日志；数量不限',
  'configuration file': '配置文件',
  'port for health and metrics (8080; 0 = any free one)': '健康检查和指标的端口（8080；0 = 任一空闲端口）',
  'instead: mqtt(s):// URL of a broker to subscribe to': '改为：要订阅的 MQTT 服务器的 mqtt(s):// 地址',
  'devices need no credentials; loopback only': '设备无需凭据；仅限环回地址',
  'checks the log on Kafka; several share its partitions': '检测 Kafka 上的日志；多个进程分担其分区',
  'what was found, over HTTP; each process keeps a copy of its own': '经 HTTP 提供检测结果；每个进程保存自己的副本',
  'folder of the copy; a cache of what stands in Kafka': '副本的文件夹；是 Kafka 中内容的缓存',
  'writes what detection on Kafka made into InfluxDB; several share the partitions':
    '把 Kafka 上的检测结果写入 InfluxDB；多个进程分担分区',
  'writes values, means and findings of the whole log into a bucket of InfluxDB, and changes nothing else':
    '把整个日志的数值、均值和线索写入 InfluxDB 的一个 bucket，不改动其他任何内容',
  'bucket to write to, instead of influxBucket': '要写入的 bucket，代替 influxBucket',
  'writes only what begins then or later': '只写此时或之后开始的',
  'writes only what begins before then': '只写此时之前开始的',
  'one line of JSON at the end': '结束时输出一行 JSON',
};
