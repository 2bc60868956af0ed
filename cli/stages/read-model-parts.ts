/** A read model whose answers come from several places: most from a copy of the outcomes, some from elsewhere. */
import type { ReadModel } from '../../contracts/ports/read-model.ts';

/** What another place may answer instead. */
export type ReadModelParts = Partial<Pick<ReadModel, 'series' | 'latest' | 'tally'>>;

/** Where values are read that are on a server of their own. */
export interface SeriesSource extends Pick<ReadModel, 'series' | 'latest'> {
  /** @throws UnavailableError where it does not answer */
  ping(): Promise<void>;
  close(): Promise<void>;
}

export function readModelWith(model: ReadModel, parts: ReadModelParts): ReadModel {
  return {
    findings: (filter, page, who) => model.findings(filter, page, who),
    finding: (id, who) => model.finding(id, who),
    findingRevisions: (id, who) => model.findingRevisions(id, who),
    means: (filter, page) => model.means(filter, page),
    series: parts.series ?? ((query) => model.series(query)),
    latest: parts.latest ?? ((site) => model.latest(site)),
    orders: () => model.orders(),
    marks: (site, page) => model.marks(site, page),
    rules: () => model.rules(),
    deadLetters: (filter, page) => model.deadLetters(filter, page),
    deadLetter: (id) => model.deadLetter(id),
    changes: (afterSeq, limit) => model.changes(afterSeq, limit),
    changeBounds: () => model.changeBounds(),
    tally: parts.tally ?? (() => model.tally()),
  };
}
