/** A closed period is judged against the limits on it, written down, and given to the rules about limits. */
import type { Limit } from '../../contracts/registry/registry.ts';
import { judge, type JudgedPeriod, type Verdict } from '../means/judged-period.ts';
import { endEpisode, initialLimitState, stepLimit } from '../rules/limit-episode.ts';
import { limitDay } from '../rules/limit.day.ts';
import { closeForecast, limitForecast } from '../rules/limit.forecast.ts';
import { limitHour } from '../rules/limit.hour.ts';
import { endNear, initialNearState, limitNear, stepNear } from '../rules/limit.near.ts';
import { limitPeriod } from '../rules/limit.period.ts';
import type { RuleFacts } from '../rules/rule.ts';
import { isOn, type Closing } from './closing.ts';
import { limitKey } from './limit-watch.ts';

function ruleFor(average: string): RuleFacts {
  return average === 'PT1H' ? limitHour : average === 'P1D' ? limitDay : limitPeriod;
}

/** What else a legal limit asks of an hour: is it near the limit, and did it end as was foreseen? */
function stepHour({ stream, scribe }: Closing, limit: Limit, hour: JudgedPeriod, verdict: Verdict): void {
  const key = limitKey(limit);
  stepNear((stream.near[key] ??= initialNearState()), limit, hour, scribe.context(limitNear));
  const forecast = stream.forecasts[key];
  if (forecast === undefined) return;
  if (forecast.hour === hour.start) closeForecast(forecast, limit, { verdict, hour }, scribe.context(limitForecast));
  Reflect.deleteProperty(stream.forecasts, key);
}

/** The judged period against every limit on its signal and average; the verdict of the legal limit in force. */
function judgeLimits(closing: Closing, period: JudgedPeriod): { verdict: Verdict; limit: Limit | undefined } {
  const rule = ruleFor(period.average);
  let result: { verdict: Verdict; limit: Limit | undefined } = { verdict: 'no-limit', limit: undefined };
  for (const limit of closing.outlet.limits) {
    if (limit.signal !== period.signal || !isOn(limit, period.average)) continue;
    const state = (closing.stream.limits[limitKey(limit)] ??= initialLimitState());
    const context = closing.scribe.context(rule);
    if (period.start >= limit.fromAt && period.start < limit.toAt) {
      const verdict = stepLimit(state, rule, limit, { period, context });
      if (rule === limitHour && limit.role === 'legal') stepHour(closing, limit, period, verdict);
      if (result.limit === undefined || limit.role === 'legal') result = { verdict, limit };
    } else {
      endEpisode(state, rule, limit, context);
      const near = closing.stream.near[limitKey(limit)];
      if (near !== undefined) endNear(near, limit, closing.scribe.context(limitNear));
    }
  }
  return result;
}

export function record(closing: Closing, period: JudgedPeriod): void {
  const { verdict, limit } = judgeLimits(closing, period);
  closing.scribe.mean(period, verdict, limit);
}

/** An hour whose mass came out differently is written down again; its judgement stands, and no rule hears of it twice. */
export function recordAgain(closing: Closing, period: JudgedPeriod): void {
  let limit: Limit | undefined;
  for (const candidate of closing.outlet.limits) {
    if (candidate.signal !== period.signal || !isOn(candidate, period.average)) continue;
    if (period.start < candidate.fromAt || period.start >= candidate.toAt) continue;
    if (limit === undefined || candidate.role === 'legal') limit = candidate;
  }
  closing.scribe.mean(period, limit === undefined ? 'no-limit' : judge(period, limit), limit);
}
