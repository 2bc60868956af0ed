/** Every problem the API may answer with. Codes are for ever: a code never changes its meaning or its status. */

interface ProblemKind {
  readonly status: number;
  readonly zh: string;
  readonly en: string;
}

const kind = (status: number, zh: string, en: string): ProblemKind => ({ status, zh, en });

export const PROBLEMS = {
  'request-malformed': kind(400, '请求格式错误', 'The request is malformed'),
  'query-invalid': kind(400, '查询参数有误', 'The query is not valid'),
  'body-not-json': kind(400, '请求体不是 JSON', 'The body is not JSON'),
  'request-refused': kind(400, '请求无法满足', 'The request cannot be met'),
  'key-missing': kind(401, '缺少访问密钥', 'An API key is needed'),
  'key-unknown': kind(401, '访问密钥无效或已吊销', 'The API key is unknown or revoked'),
  'role-insufficient': kind(403, '角色权限不足', 'The role of the key does not allow this'),
  'key-limited': kind(403, '密钥仅限部分分局', 'The key is limited to districts'),
  'origin-refused': kind(403, '拒绝跨站请求', 'Requests from other sites are refused'),
  'not-found': kind(404, '未找到', 'Not found'),
  'method-not-allowed': kind(405, '不支持此方法', 'The method is not allowed here'),
  'not-acceptable': kind(406, '无法以所要求的格式返回', 'None of the accepted formats can be given'),
  'request-timeout': kind(408, '请求超时', 'The request took too long to arrive'),
  'order-exists': kind(409, '管控令已存在', 'The order exists already'),
  'dead-letter-settled': kind(409, '死信已处理', 'The dead letter is settled already'),
  'credential-exists': kind(409, '设备凭据已存在', 'The credential exists already'),
  'body-too-large': kind(413, '请求体过大', 'The body is too large'),
  'path-too-long': kind(414, '路径过长', 'The path is too long'),
  'media-type-unsupported': kind(415, '不支持的内容类型', 'The content type is not supported'),
  'host-refused': kind(421, '拒绝此主机名', 'The host name is refused'),
  'body-invalid': kind(422, '请求内容有误', 'The body is not valid'),
  'order-invalid': kind(422, '管控令有误', 'The order is not valid'),
  'mark-invalid': kind(422, '标记有误', 'The mark is not valid'),
  'key-invalid': kind(422, '密钥申请有误', 'The key is not valid'),
  'credential-invalid': kind(422, '设备凭据有误', 'The credential is not valid'),
  'registry-invalid': kind(422, '登记册有误', 'The registry is not valid'),
  'range-too-large': kind(422, '查询范围过大', 'The range holds too many points'),
  'roll-up-impossible': kind(422, '文本信号无法汇总', 'Text cannot be rolled up'),
  'rate-exceeded': kind(429, '请求过于频繁', 'Too many requests'),
  'streams-exhausted': kind(429, '实时连接过多', 'Too many live streams'),
  'header-too-large': kind(431, '请求头过大', 'The request header is too large'),
  internal: kind(500, '内部错误', 'A fault of ours'),
  'import-unavailable': kind(501, '此处不能导入登记册', 'The registry cannot be imported here'),
  unavailable: kind(503, '暂时不可用', 'Unavailable for now'),
  'not-ready': kind(503, '尚未就绪', 'Not ready'),
} as const satisfies Readonly<Record<string, ProblemKind>>;

export type ProblemCode = keyof typeof PROBLEMS;

export const isProblemCode = (text: string): text is ProblemCode => Object.hasOwn(PROBLEMS, text);
