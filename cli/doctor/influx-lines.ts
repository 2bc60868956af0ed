/** What was seen of an InfluxDB, as lines. */
import type { InfluxFacts } from '../../backends/influx/look-at-influx.ts';
import type { InfluxSettings } from '../../backends/influx/influx-settings.ts';
import { DAY_MS, SECOND_MS } from '../../contracts/time/instant.ts';
import { check, type Check } from './check.ts';

/**
 * Engineering judgement: a clock that is kept is right to less than a second, and what is told is whole seconds.
 * Dashboards ask for "now" by the server's clock.
 */
const MOST_CLOCK_MS = 10 * SECOND_MS;

function bucketLine(facts: InfluxFacts, { bucket, organisation }: InfluxSettings, sampleDays: number): Check {
  const { keepsMs } = facts;
  if (keepsMs instanceof Error)
    return check('bucket', false, `${bucket} cannot be looked at: ${keepsMs.message}`, 'see token');
  if (keepsMs === undefined) {
    const remedy =
      `influx bucket create --org ${organisation} --name ${bucket} --retention ${String(Math.ceil(sampleDays))}d, ` +
      'or correct influxOrg and influxBucket; a token that may not read it does not see it either';
    return check(
      'bucket',
      false,
      `organisation ${organisation} has no bucket ${bucket}, or the token may not see it`,
      remedy,
    );
  }
  if (keepsMs === 0) return check('bucket', true, `${bucket} keeps for ever`, '');
  const days = Number((keepsMs / DAY_MS).toFixed(1));
  const detail = `${bucket} keeps ${String(days)} days, retainSampleDays is ${String(sampleDays)}`;
  const remedy = `influx bucket update --id ID --retention ${String(Math.ceil(sampleDays))}d, or set retainSampleDays`;
  return check('bucket', keepsMs >= sampleDays * DAY_MS, detail, remedy);
}

function tokenLine({ readRefusal, writeRefusal }: InfluxFacts, { bucket, organisation }: InfluxSettings): Check {
  const refused = [
    ...(readRefusal === undefined ? [] : [`may not read: ${readRefusal}`]),
    ...(writeRefusal === undefined ? [] : [`may not write: ${writeRefusal}`]),
  ];
  const remedy =
    `influx auth create --org ${organisation} --read-bucket ID --write-bucket ID (of ${bucket}), and give it as ` +
    'influxToken, better by STACKWARDEN_INFLUX_TOKEN_FILE';
  return check('token', refused.length === 0, refused.join('; ') || `may read and write ${bucket}`, remedy);
}

function clockLine({ aheadMs }: InfluxFacts): Check {
  if (aheadMs === undefined)
    return check('skew', true, 'the server does not tell its time: its clock was not looked at', '');
  const seconds = Math.abs(aheadMs / SECOND_MS).toFixed(1);
  const isRight = Math.abs(aheadMs) <= MOST_CLOCK_MS;
  const detail = `the server's clock is ${seconds} s ${aheadMs < 0 ? 'behind' : 'ahead of'} this one`;
  return check('skew', isRight, isRight ? 'the server has the same time' : detail, 'set both clocks (chrony)');
}

/** @param sampleDays that values are to be kept */
export function influxLines(facts: InfluxFacts, settings: InfluxSettings, sampleDays: number): readonly Check[] {
  const { trouble, version } = facts;
  const { url } = settings;
  if (trouble !== undefined)
    return [check('influx', false, `${url} does not answer: ${trouble}`, 'start it, or correct influxUrl')];
  const isTwo = version?.replace(/^v/, '').startsWith('2.') ?? false;
  const said = version === undefined ? 'and does not tell its version' : `as version ${version}`;
  return [
    check('influx', isTwo, `${url} answers ${said}`, 'use an InfluxDB 2: others store otherwise'),
    clockLine(facts),
    bucketLine(facts, settings, sampleDays),
    tokenLine(facts, settings),
  ];
}
