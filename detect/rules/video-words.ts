/** What a camera is said to do, from the evidence alone. */
import type { BilingualText } from '../../contracts/finding.ts';
import { formatMinutes, formatNumber, formatWhen } from '../findings/words.ts';
import type { Evidence } from './rule.ts';

function explainStill(evidence: Evidence, since: string): BilingualText {
  const span = formatMinutes(evidence['minutes']);
  const needed = formatMinutes(evidence['neededMinutes']);
  const share = formatNumber(Number(evidence['equalShare']) * 100);
  return {
    zh: `摄像机画面自 ${since} 起完全不变，已持续 ${span.zh}。该摄像机同类画面相邻相同的比例不超过 ${share} %，超过 ${needed.zh} 即不合其习惯，其间画面不能作为证据。`,
    en: `The picture has not changed at all since ${since}, for ${span.en}. Neighbouring pictures of this camera in such scenes are equal in at most ${share} % of cases, so more than ${needed.en} is against its habit: what it shows is no proof.`,
  };
}

function explainLoop(evidence: Evidence, since: string): BilingualText {
  const span = formatMinutes(evidence['minutes']);
  const pictures = formatNumber(evidence['pictures']);
  const showings = formatNumber(evidence['showings']);
  return {
    zh: `摄像机画面自 ${since} 起按相同次序重复：${pictures} 帧为一轮，已出现 ${showings} 轮，持续 ${span.zh}，疑为循环播放录像。`,
    en: `Since ${since} the pictures have come again in the same order: ${pictures} of them, shown ${showings} times, for ${span.en}. That is how a recording in a loop looks.`,
  };
}

export function explainVideo(evidence: Evidence): BilingualText {
  const since = formatWhen(evidence['since']);
  const { problem } = evidence;
  if (problem === 'still') return explainStill(evidence, since);
  if (problem === 'loop') return explainLoop(evidence, since);
  const span = formatMinutes(evidence['minutes']);
  const isOff = problem === 'off';
  return {
    zh: `摄像机自 ${since} 起${isOff ? '报告离线' : '报告镜头被遮挡'}，已持续 ${span.zh}，其间没有可用画面。`,
    en: `The camera has said since ${since} that it is ${isOff ? 'off' : 'covered'}, for ${span.en}: there is no picture to look at.`,
  };
}
