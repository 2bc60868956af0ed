/** Which partition a site is in: for ever the same, whatever client or version asks. */
import { crc32 } from 'node:zlib';

/** CRC-32 of the id's UTF-8, as librdkafka's partitioner `consistent` and common tools compute it. */
export function sitePartition(site: string, partitions: number): number {
  return crc32(site) % partitions;
}
