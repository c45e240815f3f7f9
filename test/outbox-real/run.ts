// `npm run outbox`: tscent/outbox with a real Centrifugo, PostgreSQL, Redis and NATS. `-- --only=redis` picks the scenarios
// with that word. CENTRIFUGO_BIN and NATS_SERVER_BIN name binaries that are not on the PATH. The exit code is 1 if a
// scenario fails. Scenarios whose programs are not installed are skipped with a warning.
import { centrifugoBinary } from "../chaos/servers/centrifugo.ts";
import { findProgram } from "../chaos/servers/program.ts";
import type { Binaries, Scenario } from "./scenario.ts";
import { brokerScenarios } from "./scenarios/broker.ts";
import { crashScenarios } from "./scenarios/crash.ts";
import { exampleScenarios } from "./scenarios/example.ts";
import { lockScenarios } from "./scenarios/locks.ts";
import { outboxScenarios } from "./scenarios/outbox.ts";
import { queueScenarios } from "./scenarios/queues.ts";
import { natsBinary } from "./servers/nats.ts";
import { postgresBinary } from "./servers/postgres.ts";

const binaries: Partial<Binaries> = {
  centrifugo: centrifugoBinary(),
  postgres: postgresBinary(),
  redis: findProgram("redis-server"),
  nats: natsBinary(),
} as Partial<Binaries>;

const only = process.argv.find((argument) => argument.startsWith("--only="))?.slice("--only=".length) ?? "";
const all: readonly Scenario[] = [
  ...outboxScenarios,
  ...crashScenarios,
  ...brokerScenarios,
  ...lockScenarios,
  ...queueScenarios,
  ...exampleScenarios,
];
const chosen = all.filter(({ name }) => name.includes(only));
const missing = ({ needs }: Scenario) => needs.filter((need) => binaries[need] === undefined);
if (chosen.length === 0) {
  console.error(`No scenario has "${only}" in its name.`);
  process.exitCode = 1;
}

for (const scenario of chosen.filter((scenario) => missing(scenario).length === 0)) {
  const start = performance.now();
  try {
    const figures = await scenario.run(binaries as Binaries);
    console.log(
      `ok      ${scenario.name} (${Math.round(performance.now() - start)} ms)${figures && `: ${figures}`}`,
    );
  } catch (error) {
    console.error(`FAILED  ${scenario.name}:`, error);
    process.exitCode = 1;
  }
}
for (const scenario of chosen.filter((scenario) => missing(scenario).length > 0))
  console.warn(`SKIPPED ${scenario.name}, for there is no ${missing(scenario).join(" and no ")} here.`);
console.warn("NEVER RUN HERE: Kafka, Google Pub/Sub, AWS SQS, Azure Service Bus.");
