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
  'Kafka: host:port,…': 'Kafka：host:port,…',
  'Kafka: TLS to the brokers': 'Kafka：到各节点使用 TLS',
  "Kafka: PEM file of the authority of the brokers' certificates; absent = those the system trusts":
    'Kafka：签发节点证书的机构的 PEM 文件；不写则用系统信任的机构',
  'Kafka: PEM file of our own certificate chain, where brokers want one':
    'Kafka：我方证书链的 PEM 文件，节点要求时使用',
  'Kafka: PEM file of its private key, without a passphrase': 'Kafka：该证书私钥的 PEM 文件，不带口令',
  'Kafka: how to log in with kafkaUser and kafkaPassword; absent = without a login':
    'Kafka：用 kafkaUser 和 kafkaPassword 登录的方式；不写则不登录',
  'Kafka: user to log in as': 'Kafka：登录用户',
  "Kafka: that user's password; better given by file": 'Kafka：该用户的密码；最好由文件给出',
  'Kafka: in front of every topic and group': 'Kafka：每个主题和消费组名称的前缀',
  'Kafka: parts of the log when its topics are made; fixed from then on': 'Kafka：建立主题时日志的分区数；此后不变',
  'Kafka: copies of each topic when it is made; 3 on three brokers': 'Kafka：建立主题时的副本数；三个节点用 3',
  'Kafka: findings and offsets move in one transaction': 'Kafka：线索与位移在同一事务中提交',
  'Kafka: share of its time that detection gives to reports that were stored and sent later':
    'Kafka：检测用于补传上报的时间占比（%）',
  'InfluxDB: http(s)://host:port': 'InfluxDB：http(s)://host:port',
  'InfluxDB: organisation': 'InfluxDB：组织',
  'InfluxDB: bucket': 'InfluxDB：bucket',
  'InfluxDB: token; better given by file': 'InfluxDB：令牌；最好由文件给出',
  'endpoint = devices connect to us; or the URL of a broker to subscribe to':
    'endpoint = 设备直接连接；或要订阅的 MQTT 服务器地址',
  'at that broker: group whose processes share a subscription; in front of the names of connections':
    '在该服务器上：共享订阅的进程组；也是连接名称的前缀',
  'name of this process at that broker, which keeps its messages under it: each process has its own, the same after each start; absent = the host name':
    '本进程在该服务器上的名称，消息以此名保存：每个进程各用一个，每次启动保持不变；缺省 = 主机名',
  'connections to that broker; 1 = a subscription of this process alone, more = shared with the processes of its group':
    '到该服务器的连接数；1 = 本进程单独订阅，更多 = 与同组进程共享订阅',
  'Kafka: reports that end so long before their receipt, or are sent again, wait behind what is live':
    'Kafka：早于接收这么久的上报，或补传的上报，排在实时数据之后',
};
