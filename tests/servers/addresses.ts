/** Real servers that the environment names, set by `deploy/native/up` or by hand; tests that find none are skipped by name. */
import type { TestContext } from 'vitest';

const HOW_TO_GET = {
  kafka: 'no Kafka: set STACKWARDEN_TEST_KAFKA or run deploy/native/up',
  influx: 'no InfluxDB: set STACKWARDEN_TEST_INFLUX_URL, _ORG, _BUCKET and _TOKEN or run deploy/native/up',
  mqtt: 'no MQTT broker: set STACKWARDEN_TEST_MQTT or run deploy/native/up',
} as const;

export interface InfluxAddress {
  readonly url: string;
  readonly organisation: string;
  readonly bucket: string;
  readonly token: string;
}

function variable(name: string): string | undefined {
  const value = process.env[name];
  return value === '' ? undefined : value;
}

/** Bootstrap servers, `host:port` with commas between; the test is skipped where there are none. */
export function needKafka(context: TestContext): string {
  return variable('STACKWARDEN_TEST_KAFKA') ?? context.skip(HOW_TO_GET.kafka);
}

/** URL of a broker, `mqtt://host:port`; the test is skipped where there is none. */
export function needMqtt(context: TestContext): string {
  return variable('STACKWARDEN_TEST_MQTT') ?? context.skip(HOW_TO_GET.mqtt);
}

/** A bucket and a token that may read and write it; the test is skipped where one of the four is missing. */
export function needInflux(context: TestContext): InfluxAddress {
  const part = (name: string): string => variable(`STACKWARDEN_TEST_INFLUX_${name}`) ?? context.skip(HOW_TO_GET.influx);
  return { url: part('URL'), organisation: part('ORG'), bucket: part('BUCKET'), token: part('TOKEN') };
}
