/**
 * What is known of a server, one file a technology.
 *
 * @typedef {object} Place Where one server runs.
 * @property {string} folder of its own, for all that it writes
 * @property {number} port of 127.0.0.1
 * @property {{ readonly port: number, readonly advertisedPort: number }} [proxied] Kafka alone: a second port for
 *   clients that come through a proxy, and the proxy's port, which they are told
 * @property {GuardedListeners} [guarded] Kafka alone: more ports, with TLS or a login
 *
 * @typedef {object} GuardedListeners
 * @property {readonly { readonly name: string, readonly protocol: string, readonly port: number }[]} listeners
 * @property {readonly string[]} properties lines of server.properties that they need
 * @property {readonly string[]} users as `kafka-storage.sh format --add-scram` takes them
 *
 * @typedef {Readonly<Record<string, string>>} Lines Names and values for the environment of tests.
 */

/**
 * @template Program
 * @typedef {object} ServerKind
 * @property {string} name
 * @property {number} readyWithinMs
 * @property {number} stopWithinMs after TERM; then comes KILL
 * @property {(options: { fetch: boolean }) => Promise<Program>} find what is to be run; throws MissingServer. Without
 *   `fetch` nothing is downloaded
 * @property {(place: Place, program: Program) => Promise<void>} prepare once, in an empty folder: configuration, formatting
 * @property {(place: Place, program: Program) => { command: string, args: readonly string[], env?: Record<string, string> }} launch
 * @property {(place: Place) => Promise<boolean>} answers whether it serves
 * @property {(place: Place) => Promise<Lines>} settle once, when it serves for the first time: what must be set up over the network
 */

export {};
