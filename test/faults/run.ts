// `npm run faults`: calls servers that misbehave, and compares the end of each call with the rules.
//   --only=text       the faults whose title or transport has the text
//   --quick           only the faults of `npm test`
//   --processes=n     clients at a time, 3 by default
// The exit code is 1 if a rule was broken.
import { parseArgs } from "node:util";
import { faults } from "./faults.ts";
import { tableHead, tableRow } from "./table.ts";
import { ClientProcesses, methodsOf } from "./try-fault.ts";

const { values: given } = parseArgs({
  options: {
    only: { type: "string", default: "" },
    quick: { type: "boolean", default: false },
    processes: { type: "string", default: "3" },
  },
});
const chosen = faults.filter(
  ({ title, protocol, isSlow, isFlood }) =>
    `${protocol} ${title}`.includes(given.only) && !(given.quick && (isSlow || isFlood)),
);
if (chosen.length === 0) throw new Error(`there is no fault with ${given.only}`);

console.log(tableHead);
const started = performance.now();
let broken = 0;
const runs = (areFloods: boolean) =>
  chosen
    .filter(({ isFlood = false }) => isFlood === areFloods)
    .flatMap((fault) => methodsOf(fault).map((method) => ({ fault, method })));
// The client of a flood needs one processor, and its server another.
for (const [areFloods, count] of [
  [false, Number(given.processes)],
  [true, 1],
] as const) {
  using clients = new ClientProcesses(count);
  for (const trying of runs(areFloods).map(({ fault, method }) => clients.try(fault, method))) {
    const verdict = await trying;
    console.log(tableRow(verdict));
    for (const complaint of verdict.complaints) console.log(`  BROKEN: ${complaint}`);
    broken += Math.min(1, verdict.complaints.length);
  }
}
const counted = (protocol: string) => chosen.filter((fault) => fault.protocol === protocol).length;
const seconds = ((performance.now() - started) / 1000).toFixed(0);
console.log(`\n${counted("http")} faults over HTTP, ${counted("grpc")} over gRPC; ${seconds} s`);
if (broken > 0) {
  process.exitCode = 1;
  console.error(`${broken} calls broke a rule.`);
}
