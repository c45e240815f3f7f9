/** A mutant that no test can kill: the program does the same with it. */
export interface Equivalent {
  /** Below `src/`. */
  readonly file: string;
  /** The source text that the mutant replaces, with each run of white space as one space. A last `…` cuts a long text. */
  readonly from: string;
  /** The text of the mutant, written like `from`. */
  readonly to: string;
  readonly reason: string;
}

export const equivalents: readonly Equivalent[] = [
  {
    file: "schema/method-table.ts",
    from: "batchRpc === undefined",
    to: "false",
    reason: "without the RPC, its commands are undefined, too",
  },
  {
    file: "errors/hide-secret.ts",
    from: "secret.length - 1",
    to: "secret.length + 1",
    reason: "longer beginnings are the whole secret, which is gone by then",
  },
  {
    file: "errors/hide-secret.ts",
    from: "authorization === this.#latest",
    to: "false",
    reason: "adding or looking up the latest key again only takes time",
  },
  {
    file: "errors/hide-secret.ts",
    from: "oldest !== undefined",
    to: "true",
    reason: "the type alone needs the check: a set of more than ten has a first value",
  },
  {
    file: "errors/hide-secret.ts",
    from: "!text.includes(secret.slice(0, shortestSecret))",
    to: "false",
    reason: "the longer way gives the same",
  },
  {
    file: "errors/hints.ts",
    from: '""',
    to: '"Stryker was here!"',
    reason: "no hint is for a method or a code of either name",
  },
  {
    file: "errors/map-error.ts",
    from: "failure?.cause",
    to: "failure.cause",
    reason: "only a failure has the kind interceptor",
  },
  {
    file: "errors/map-error.ts",
    from: "failure?.field",
    to: "failure.field",
    reason: "only a failure has the kind request",
  },
  {
    file: "errors/map-error.ts",
    from: '"status"',
    to: '""',
    reason: "the kind is only compared with the other kinds",
  },
  {
    file: "errors/maybe-executed.ts",
    from: "httpStatus < 400",
    to: "httpStatus <= 400",
    reason: "400 is also among the refusing statuses",
  },
  {
    file: "limits/deadlines.ts",
    from: "queue.length === 0",
    to: "true",
    reason: "setting the queue that the map has already changes nothing",
  },
  {
    file: "limits/deadlines.ts",
    from: "queue.length === 0",
    to: "false",
    reason: "an empty queue that stays costs only memory, until the next timer",
  },
  {
    file: "limits/deadlines.ts",
    from: "this.#queues.delete(timeoutMs);",
    to: ";",
    reason: "an empty queue that stays costs only memory, until the next timer",
  },
  {
    file: "limits/fifo.ts",
    from: "this.#items.slice(this.#front)",
    to: "this.#items",
    reason: "the places before the front are undefined, and dropped as such",
  },
  {
    file: "limits/fifo.ts",
    from: "item !== undefined",
    to: "true",
    reason: "behind the front no place is undefined",
  },
  {
    file: "limits/fifo.ts",
    from: "item === undefined",
    to: "false",
    reason: "an empty queue gives undefined, and sets itself back",
  },
  {
    file: "limits/fifo.ts",
    from: "this.#front * 2 >= this.#items.length",
    to: "this.#front * 2 > this.#items.length",
    reason: "moves items one step later",
  },
  {
    file: "limits/fifo.ts",
    from: "this.#front === this.#items.length",
    to: "false",
    reason: "splice drops all items, too",
  },
  {
    file: "limits/run-within.ts",
    from: "reject?.(thrown)",
    to: "reject(thrown)",
    reason: "work that watches a signal has its reject function",
  },
  {
    file: "options/call-options.ts",
    from: "value instanceof AbortSignal",
    to: "false",
    reason: "an AbortSignal also has the functions, and aborted",
  },
  {
    file: "options/check-client-options.ts",
    from: "/^https?:$/",
    to: "/^https?:/",
    reason: "a URL's protocol ends with its only colon",
  },
  {
    file: "options/config-from-env.ts",
    from: "/^\\w+/",
    to: "/\\w+/",
    reason: "each message begins with an option",
  },
  {
    file: "options/option-checks.ts",
    from: "given.constructor === Object",
    to: "false",
    reason: "the longer way gives the same",
  },
  {
    file: "options/check-batching.ts",
    from: "maxDelayMs === 0",
    to: "false",
    reason: "0 is less than any time limit",
  },
  {
    file: "codec/caller-values.ts",
    from: 'typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype',
    to: "false",
    reason: "the longer way gives the same",
  },
  {
    file: "codec/caller-values.ts",
    from: 'typeof value === "object"',
    to: 'typeof value !== "object"',
    reason: "the longer way gives the same",
  },
  { file: "codec/caller-values.ts", from: '"object"', to: '""', reason: "the longer way gives the same" },
  {
    file: "codec/idempotency.ts",
    from: "[]",
    to: '["Stryker was here"]',
    reason: "one channel does not repeat itself",
  },
  {
    file: "codec/json/json-scanner.ts",
    from: "code > 32",
    to: "false",
    reason: "the longer way gives the same",
  },
  {
    file: "codec/json/json-scanner.ts",
    from: "code >= 48 && code <= 57",
    to: "false",
    reason: "the longer way gives the same",
  },
  {
    file: "codec/json/json-scanner.ts",
    from: "code >= 48 && code <= 57",
    to: "code >= 48 || code <= 57",
    reason: "the longer way gives the same",
  },
  {
    file: "codec/json/json-scanner.ts",
    from: "code >= 48",
    to: "code > 48",
    reason: "the longer way gives the same",
  },
  {
    file: "codec/json/json-scanner.ts",
    from: "code <= 57",
    to: "code < 57",
    reason: "the longer way gives the same",
  },
  {
    file: "codec/json/json-scanner.ts",
    from: "code <= 57",
    to: "code > 57",
    reason: "the longer way gives the same",
  },
  {
    file: "codec/json/json-scanner.ts",
    from: "this.peek();",
    to: ";",
    reason: "white space before a member is read by the longer way, before a token by takeNull",
  },
  {
    file: "codec/json/json-scanner.ts",
    from: "guessed === undefined",
    to: "true",
    reason: "the text is parsed again",
  },
  {
    file: "codec/json/read-member-name.ts",
    from: "guess !== undefined && scanner.takeWritten(guess.written)",
    to: "false",
    reason: "the longer way gives the same",
  },
  {
    file: "codec/json/write-message.ts",
    from: "writer.single === undefined",
    to: "true",
    reason: "the longer way gives the same",
  },
  {
    file: "codec/payload.ts",
    from: 'typeof value === "object" && !isPlain(value) && !Array.isArray(value)',
    to: "true",
    reason: "no class of these values has a name that is looked for",
  },
  {
    file: "codec/payload.ts",
    from: 'typeof value === "object" && !isPlain(value) && !Array.isArray(value)',
    to: 'typeof value === "object" && !isPlain(value) || !Array.isArray(value)',
    reason: "no class of these values has a name that is looked for",
  },
  {
    file: "codec/payload.ts",
    from: 'typeof value === "object" && !isPlain(value)',
    to: "true",
    reason: "no class of these values has a name that is looked for",
  },
  {
    file: "codec/payload.ts",
    from: 'typeof value === "object" && !isPlain(value)',
    to: 'typeof value === "object" || !isPlain(value)',
    reason: "no class of these values has a name that is looked for",
  },
  {
    file: "codec/payload.ts",
    from: 'typeof value === "object"',
    to: "true",
    reason: "no class of these values has a name that is looked for",
  },
  {
    file: "many-calls/queue/channel-queues.ts",
    from: "queue.list === list",
    to: "true",
    reason: "an entry of an earlier list is skipped later, and costs only memory",
  },
  {
    file: "many-calls/queue/channel-queues.ts",
    from: "queue.list === this.#alone",
    to: "true",
    reason: "#ready and goesAlone check the call again",
  },
  {
    file: "many-calls/queue/channel-queues.ts",
    from: "queue.calls.length === 1",
    to: "true",
    reason: "listing a queue again changes nothing",
  },
  {
    file: "many-calls/queue/channel-queues.ts",
    from: "other === undefined",
    to: "false",
    reason: "the type alone needs the check: each channel of a waiting call has a queue",
  },
  {
    file: "many-calls/queue/channel-queues.ts",
    from: "other.list === undefined",
    to: "true",
    reason: "an entry too many is skipped later",
  },
  {
    file: "many-calls/queue/scheduler.ts",
    from: "this.#queues.hasListed",
    to: "true",
    reason: "a plan without a listed queue sends nothing",
  },
  {
    file: "many-calls/queue/sharing-methods.ts",
    from: "output.field.error?.message",
    to: "output.field.error.message",
    reason: "an output without an error was refused before",
  },
  {
    file: "call/walker.ts",
    from: "last?.method !== method",
    to: "true",
    reason: "a new walk gives the same, and takes memory",
  },
  {
    file: "client/consumer-command.ts",
    from: "source !== undefined",
    to: "true",
    reason: "a number in JSON always has its source",
  },
];
