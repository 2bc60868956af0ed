export interface DocsGenerator {
  readonly name: string;
  /** Whole files by their path in the project, e.g. `docs/reference/signals.md`. */
  readonly generate: () => Promise<ReadonlyMap<string, string>> | ReadonlyMap<string, string>;
}
