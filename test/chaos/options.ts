import { parseArgs } from "node:util";
import type { Mode } from "./client/task.ts";
import { modes } from "./client/task.ts";
import type { Scenario } from "./scenarios/scenario.ts";

/** The options of the command line. */
export interface ChaosOptions {
  readonly seconds: number;
  readonly inFlight: number;
  readonly scenarios: readonly Scenario[];
  readonly transports: readonly ("http" | "grpc")[];
  readonly modes: readonly Mode[];
}

/** @throws TypeError for an option that is unknown or wrong. */
export function readOptions(all: readonly Scenario[]): ChaosOptions {
  const { values } = parseArgs({
    options: {
      seconds: { type: "string", default: "60" },
      calls: { type: "string", default: "200" },
      only: { type: "string" },
      transport: { type: "string" },
      mode: { type: "string" },
    },
  });
  const named = choose(
    "only",
    values.only,
    all.map(({ name }) => name),
  );
  return {
    seconds: positive("seconds", values.seconds),
    inFlight: positive("calls", values.calls),
    scenarios: all.filter(({ name }) => named.includes(name)),
    transports: choose("transport", values.transport, ["http", "grpc"]),
    modes: choose("mode", values.mode, Object.keys(modes) as Mode[]),
  };
}

function positive(option: string, text: string): number {
  const number = Number(text);
  if (!(number > 0 && Number.isFinite(number))) throw new TypeError(`--${option}: expected a number above 0`);
  return number;
}

/** The names in a list with commas, or all names without a list. */
function choose<Name extends string>(
  option: string,
  text: string | undefined,
  all: readonly Name[],
): readonly Name[] {
  if (text === undefined) return all;
  const asked = text.split(",");
  const unknown = asked.filter((name) => !all.some((known) => known === name));
  if (unknown.length > 0)
    throw new TypeError(`--${option}: unknown ${unknown.join(", ")}; expected ${all.join(", ")}`);
  return all.filter((name) => asked.includes(name));
}
