/**
 * One client of a running simulation with the devices that it sends for: all of a site, or one.
 *
 * What a device has stored is not kept: it is a place in time, and the reports are made again when they can be sent.
 */
import type { DeviceCursor, SentReport } from '../device-reports.ts';
import { MomentQueue } from '../moment-queue.ts';
import type { Publisher } from '../mqtt/publisher.ts';
import { packReports } from '../pack-reports.ts';

/** More than this unconfirmed: the broker does not keep up, and what comes now is stored. */
const MOST_WAITING = 400;

export class Sender {
  readonly site: string;
  readonly cursors: readonly DeviceCursor[];
  readonly publisher: Publisher;
  /** Whether its reports go out as they are made; else they are stored. */
  isLive = false;
  /** Counts how often it went live: what was planned before is no longer meant. */
  epoch = 0;

  constructor(site: string, publisher: Publisher, cursors: readonly DeviceCursor[]) {
    this.site = site;
    this.publisher = publisher;
    this.cursors = cursors;
  }

  /** When the oldest of what is stored was, or the next of what will be. */
  get nextAt(): number {
    let nextAt = Infinity;
    for (const cursor of this.cursors) nextAt = Math.min(nextAt, cursor.nextAt);
    return nextAt;
  }

  /** What comes now had better be stored. */
  get isBlocked(): boolean {
    return !this.publisher.isConnected || this.publisher.waiting > MOST_WAITING;
  }

  send(reports: readonly SentReport[], storedBefore: number): void {
    if (reports.length > 0) this.publisher.send(packReports(reports, storedBefore));
  }

  /** Sends what its devices say before an instant, oldest first. */
  sendUntil(endAt: number, storedBefore: number): void {
    const due = new MomentQueue<number>();
    for (const [index, { nextAt }] of this.cursors.entries()) if (nextAt < endAt) due.push(nextAt, index, index);
    const reports: SentReport[] = [];
    for (let index = due.pop(); index !== undefined; index = due.pop()) {
      const cursor = this.cursors[index];
      if (cursor === undefined) break;
      reports.push(...cursor.take());
      if (cursor.nextAt < endAt) due.push(cursor.nextAt, index, index);
    }
    this.send(reports, storedBefore);
  }
}
