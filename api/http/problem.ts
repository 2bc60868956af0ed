/**
 * Errors as RFC 9457 problems: the only place where an error gets a status code.
 * Nothing of the inside leaves through here: no stack, no message of an error that is not made for readers.
 */
import { CannotWriteError, ConfigError, InputError, UnavailableError } from '../../contracts/errors.ts';
import { sameText, type Bilingual, type Language } from './language.ts';
import { PROBLEMS, type ProblemCode } from './problem-list.ts';

export const PROBLEM_TYPE = 'application/problem+json';

/** One thing that is wrong with a query or body. */
export interface ProblemItem {
  /** Where: name of the parameter, or JSON pointer into the body. */
  readonly pointer: string;
  readonly detail: Bilingual;
}

interface ProblemParts {
  readonly detail: Bilingual;
  readonly errors?: readonly ProblemItem[];
  readonly headers?: Readonly<Record<string, string>>;
  /** Extension members of the answer. */
  readonly members?: Readonly<Record<string, unknown>>;
}

/** An error that is an answer. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly problem: ProblemCode;
  readonly parts: ProblemParts;
  constructor(problem: ProblemCode, parts: ProblemParts) {
    super(parts.detail.en);
    this.problem = problem;
    this.parts = parts;
  }

  get status(): number {
    return PROBLEMS[this.problem].status;
  }
}

const RETRY_SECONDS = '5';

export const notFound = (what: Bilingual): Problem => new Problem('not-found', { detail: what });

/** 404 for a thing of a list: the same words whether it does not exist or may not be seen. */
export const noSuch = (zh: string, en: string, id: string): Problem =>
  notFound({
    zh: `没有可见的${zh} ${JSON.stringify(id)}`,
    en: `there is no ${en} ${JSON.stringify(id)} that this key may see`,
  });

/** Errors of the framework by their code. */
const FRAMEWORK: Readonly<Record<string, readonly [ProblemCode, string, string]>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['media-type-unsupported', '请发送 application/json', 'send application/json'],
  FST_ERR_CTP_BODY_TOO_LARGE: ['body-too-large', '请求体超过此处上限', 'the body is longer than this resource takes'],
  FST_ERR_CTP_EMPTY_JSON_BODY: ['body-not-json', '请求体为空', 'the body is empty; send JSON, or no content type'],
  FST_ERR_CTP_INVALID_JSON_BODY: ['body-not-json', '请求体不是有效的 JSON', 'the body is not valid JSON'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: [
    'request-malformed',
    'Content-Length 与内容不符',
    'Content-Length does not fit the body',
  ],
  FST_ERR_BAD_URL: ['request-malformed', '路径编码有误', 'the path is not validly encoded'],
  FST_ERR_MAX_PARAM_LENGTH: ['path-too-long', '路径过长', 'a part of the path is too long'],
};

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** The problem that any thrown thing is. */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof InputError) return new Problem('request-refused', { detail: sameText(error.message) });
  if (error instanceof ConfigError) {
    const errors = error.problems.map((text) => ({ pointer: '', detail: sameText(text) }));
    return new Problem('registry-invalid', { detail: sameText(error.problems[0] ?? 'not valid'), errors });
  }
  if (error instanceof UnavailableError || error instanceof CannotWriteError) {
    return new Problem('unavailable', {
      detail: {
        zh: '存储暂时拒绝，未确认任何内容；请稍后重试',
        en: 'storage refuses for now and nothing was confirmed; try again later',
      },
      headers: { 'retry-after': RETRY_SECONDS },
    });
  }
  const framework = FRAMEWORK[codeOf(error)];
  if (framework !== undefined) return new Problem(framework[0], { detail: { zh: framework[1], en: framework[2] } });
  return new Problem('internal', {
    detail: { zh: '请凭 requestId 联系运维人员', en: 'tell the operator the requestId; the log knows more' },
  });
}

/** What the reader of an answer is told about the request it belongs to. */
export interface ProblemContext {
  readonly language: Language;
  readonly instance: string;
  readonly requestId: string;
}

/**
 * The body of a problem. `title`, `detail` and the texts of `errors` are in the reader's language; both languages
 * stand beside them (`titleZh`, `titleEn`, …), so that a client can keep the answer and show it to someone else.
 */
export function problemBody(problem: Problem, context: ProblemContext): Record<string, unknown> {
  const { status, zh, en } = PROBLEMS[problem.problem];
  const { detail, errors, members } = problem.parts;
  const { language } = context;
  return {
    type: `/problems/${problem.problem}`,
    code: problem.problem,
    title: language === 'zh' ? zh : en,
    status,
    detail: detail[language],
    instance: context.instance,
    requestId: context.requestId,
    ...(errors === undefined ? {} : { errors: errors.map((item) => errorBody(item, language)) }),
    ...members,
    titleZh: zh,
    titleEn: en,
    detailZh: detail.zh,
    detailEn: detail.en,
  };
}

function errorBody({ pointer, detail }: ProblemItem, language: Language): Record<string, string> {
  return { pointer, detail: detail[language], detailZh: detail.zh, detailEn: detail.en };
}
