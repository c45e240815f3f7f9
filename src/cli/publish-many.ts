import type { ManyItem } from "../call/items.ts";
import { oneLine } from "../codec/one-line.ts";
import type { ManyProgress } from "../options/many-options.ts";
import type { Arguments } from "./arguments.ts";
import { CliError } from "./cli-error.ts";
import { optionLines } from "./columns.ts";
import type { Command, Surroundings } from "./command.ts";
import { interrupted, someFailed } from "./command.ts";
import type { CliClient } from "./connection.ts";
import { withClient } from "./connection.ts";
import { connectionHelp, connectionOptions } from "./connection-options.ts";
import { writeExact } from "./exact-json.ts";
import { PublicationLines } from "./publication-lines.ts";

/** The failed lines that are shown without `--json`. */
const mostShown = 10;

/** The command `publish-many`: publishes each line of the standard input. */
export const publishMany: Command = {
  options: { "in-flight": "value", ...connectionOptions },
  help: () => [
    "Usage: tscent publish-many [options] < lines.ndjson",
    "",
    'Publishes each line of the standard input, such as {"channel":"chat","data":1}.',
    "Lines with the same channel keep their order, and blank lines are skipped. A",
    "terminal shows the progress. The output has the counts, or with --json a line for",
    "each line of the input, in its order. A line that is not JSON ends the run; the",
    "lines before it are published.",
    "",
    "Ctrl-C ends the run after the lines that were taken, and says from which line to",
    "go on. The exit code is 130. A second Ctrl-C ends the program at once.",
    "",
    ...optionLines([
      ["--in-flight <n>", "the most requests under way at the same time (default: 4)"],
      ...connectionHelp,
      ["--json", "write NDJSON: the result or the error of each line"],
    ]),
  ],
  run: (given, surroundings) =>
    withClient(given, surroundings, (client) => publishLines(client, given, surroundings)),
};

async function publishLines(
  client: CliClient,
  given: Arguments,
  { out, complain, progress, input, onInterrupt }: Surroundings,
): Promise<number> {
  const inFlight = given.value("in-flight");
  if (inFlight !== undefined && !/^[1-9]\d*$/.test(inFlight))
    throw new CliError("--in-flight: expected a whole number above 0");
  const say = (text: string) => complain(`${progress ? "\r\u001b[K" : ""}tscent: ${text}\n`);
  const interruption = new AbortController();
  onInterrupt?.(() => {
    interruption.abort();
    say("waiting for the lines that were taken; Ctrl-C again ends at once");
  });
  const lines = new PublicationLines(input(interruption.signal), interruption.signal);
  const run = client.publishMany(lines, {
    ...(inFlight !== undefined && { inFlight: Number(inFlight) }),
    onProgress: (counts) => progress?.(countsText(counts)),
  });
  let failures = 0;
  try {
    for await (const item of run) {
      const line = lines.next();
      if (given.has("json")) await out(`${itemText(line, item)}\n`);
      else if (!item.ok && ++failures <= mostShown) await say(`line ${line}: ${oneLine(item.error.message)}`);
    }
  } finally {
    progress?.("");
    if (failures > mostShown) await say(`${failures - mostShown} more failures; --json shows all`);
    const counts = `${countsText(run.progress)}\n`;
    await (given.has("json") ? complain(counts) : out(counts));
  }
  if (interruption.signal.aborted) {
    await say(`interrupted; go on from line ${lines.taken + 1} of the input`);
    return interrupted;
  }
  const { failed, unknown } = run.progress;
  return failed + unknown > 0 ? someFailed : 0;
}

function itemText(line: number, { index: _, ...outcome }: ManyItem<unknown>): string {
  return writeExact({ line, ...outcome });
}

function countsText({ taken, succeeded, failed, unknown }: ManyProgress): string {
  return `${taken} taken, ${succeeded} succeeded, ${failed} failed, ${unknown} unknown`;
}
