/**
 * Outcomes of many partitions as one view of everything. What people enter stands in every partition of the log, so
 * each detector tells of it; one of them is believed, the same one always: a copy that was made again is the same.
 */
import type { CreateOutcomeReader } from '../../contracts/ports/outcome.ts';
import { decodeOutcome, decodeSamples } from './outcome-wire.ts';
import { sitePartition } from './site-partition.ts';

/** Orders are taken from here: of the partitions that all have them, any one would do. */
const ORDERS_FROM = 0;

/** @param init how many partitions the log has */
export const createOutcomeReader: CreateOutcomeReader = (init) => {
  const { partitions } = init as { readonly partitions: number };
  const toBuffer = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer =>
    Buffer.from(buffer, byteOffset, byteLength);
  return {
    outcome(value, partition) {
      const read = decodeOutcome(toBuffer(value));
      return {
        ...read,
        orders: partition === ORDERS_FROM ? read.orders : [],
        // Beside those that devices declare: a site's marks have one order, that of its partition.
        marks: read.marks.filter(({ mark }) => sitePartition(mark.site, partitions) === partition),
      };
    },
    samples: (value) => decodeSamples(toBuffer(value)),
  };
};
