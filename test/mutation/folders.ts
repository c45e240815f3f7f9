/** The folders of `src/`, and the tests that concern each of them. */
export const testsOfFolder: Readonly<Record<string, readonly string[]>> = {
  limits: ["test/limits/**"],
  schema: ["test/schema/**"],
  errors: ["test/errors/**"],
  options: ["test/options/**"],
  codec: ["test/codec/**"],
  call: ["test/call/**"],
  client: ["test/client/**"],
  "many-calls": ["test/many-calls/**"],
  transport: ["test/transport/**"],
};

/** Tests that take long or depend on the load of the machine, and tests in child processes, which do not see a mutant. */
export const leftOut: readonly string[] = [
  "**/*.release.test.ts",
  "test/limits/abort-watch.test.ts",
  "test/errors/{maybe-executed,reply-facts}.*test.ts",
  "test/schema/proto.*test.ts",
];
