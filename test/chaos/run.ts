// `npm run chaos`: ends servers and connections during many calls, and checks that each call tells the truth.
// Each scenario runs over both transports and in both modes of client/task.ts.
//   --seconds=n       seconds of each run, instead of 60
//   --calls=n         calls under way at the same time, instead of 200
//   --only=a,b        some scenarios
//   --transport=http  one transport
//   --mode=keys       one mode
// The exit code is 1 if a promise was broken. Scenarios whose programs are not installed are skipped with a warning.
import { runClient } from "./client/run-client.ts";
import type { ClientTask } from "./client/task.ts";
import { Chaos } from "./environment.ts";
import { countPublications, judge } from "./judge.ts";
import { readOptions } from "./options.ts";
import { embeddedScenarios } from "./scenarios/embedded.ts";
import { proxiedScenarios } from "./scenarios/proxied.ts";
import type { Need, Scenario } from "./scenarios/scenario.ts";
import { centrifugoBinary } from "./servers/centrifugo.ts";
import { apiKey } from "./servers/embedded.ts";
import { findProgram } from "./servers/program.ts";
import { tableHead, tableRow } from "./table.ts";

const options = readOptions([...embeddedScenarios, ...proxiedScenarios]);
const { seconds, inFlight, scenarios, transports, modes } = options;

/** Ctrl-C ends the run in progress and all its programs. */
const interruption = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => interruption.abort());

const isMissing = (need: Need) =>
  (need === "centrifugo" ? centrifugoBinary() : findProgram(need)) === undefined;
const isComplete = ({ needs }: Scenario) => !needs.some(isMissing);

console.log(`${inFlight} calls under way, ${seconds} s a run.\n\n${tableHead}`);
for (const scenario of scenarios.filter(isComplete))
  for (const transport of transports) for (const mode of modes) await tryRun(scenario, { transport, mode });
for (const { name, needs } of scenarios.filter((scenario) => !isComplete(scenario)))
  console.warn(`\nSKIPPED: ${name}, for there is no ${needs.filter(isMissing).join(" and no ")} here.`);
if (interruption.signal.aborted) console.error("\nEnded before its time.");
else if (process.exitCode === 1) console.error("\nA promise was broken.");

/** A run without a verdict does not stop the next one. */
async function tryRun(scenario: Scenario, kind: Pick<ClientTask, "transport" | "mode">) {
  if (interruption.signal.aborted) return;
  try {
    await run(scenario, kind);
  } catch (error) {
    process.exitCode = 1;
    if (!interruption.signal.aborted)
      console.error(`${scenario.name} ${kind.transport} ${kind.mode} BROKEN:`, error);
  }
}

async function run(scenario: Scenario, { transport, mode }: Pick<ClientTask, "transport" | "mode">) {
  await using environment = await scenario.start();
  const { urls, harm } = environment;
  const chaos = new Chaos(harm);
  const task: ClientTask = { transport, url: urls[transport], apiKey, mode, seconds, inFlight };
  const report = await runClient(task, interruption.signal).finally(() => chaos.stop());
  const counts = await countPublications(environment, report.outcomes.length);
  const verdict = judge(report, counts, mode === "keys");
  console.log(tableRow({ scenario: scenario.name, transport, mode, harms: chaos.times, ...verdict }));
  for (const words of verdict.broken) console.log(`  BROKEN: ${words}`);
  const frequent = [...report.errors].sort(([, one], [, other]) => other - one).slice(0, 5);
  for (const [words, times] of frequent) console.log(`  ${times} x ${words}`);
  if (verdict.broken.length > 0) process.exitCode = 1;
}
