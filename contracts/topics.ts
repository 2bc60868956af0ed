/** Every topic name, once. */

/** MQTT topic that a device publishes its reports under. */
export function reportTopic(site: string, device: string): string {
  return `stackwarden/v1/${site}/${device}/report`;
}

const REPORT_TOPIC = /^stackwarden\/v1\/([a-z0-9][a-z0-9-]{0,62})\/([a-z0-9][a-z0-9-]{0,62})\/report$/;

/** Site and device of a report topic; `undefined` where it is none. */
export function parseReportTopic(topic: string): { readonly site: string; readonly device: string } | undefined {
  const match = REPORT_TOPIC.exec(topic);
  return match === null ? undefined : { site: match[1] ?? '', device: match[2] ?? '' };
}
