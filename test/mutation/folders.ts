/** The folders of `src/`, and the tests that concern each of them. A test may need sockets: `x.test.ts` or `x.wire.test.ts`. */
export const testsOfFolder: Readonly<Record<string, readonly string[]>> = {
  limits: ["test/limits/*"],
  schema: ["test/schema/*"],
  errors: ["test/errors/*"],
  options: ["test/options/*", "test/token/*"],
  channels: ["test/channels/*"],
  codec: ["test/codec/**", "test/channels/*", "test/transport/wrapped-values.*"],
  call: ["test/call/*", "test/tracing/*", "test/transport/{abort,close,headers}.*"],
  client: ["test/client/*", "test/call/walker.*", "test/options/*", "test/transport/{close,http-options}.*"],
  "many-calls": ["test/many-calls/**", "test/tracing/shared-requests.*"],
  nestjs: ["test/nestjs/*"],
  outbox: ["test/outbox/{*/**,wrong-payloads.*}"],
  otel: ["test/otel/*"],
  tracing: ["test/tracing/*", "test/otel/*"],
  proxy: ["test/proxy/*", "test/{otel/proxy-spans,tracing/proxy-trace}.*"],
  transport: ["test/transport/**", "test/options/tls-options.*"],
  token: ["test/token/*"],
};

/** Tests that take long or depend on the load of the machine, and tests in child processes, which do not see a mutant. */
export const leftOut: readonly string[] = [
  "**/*.release.test.ts",
  "test/codec/json/property.*",
  "test/errors/{maybe-executed,reply-facts}.*",
  "test/limits/abort-watch.*",
  "test/many-calls/*/{alike,deadlines,hardships,memory}.*",
  "test/schema/proto.*",
  "test/tracing/{debug-log,without-channels}.wire.*",
  "test/transport/{compatibility,lifecycle}.*",
];
