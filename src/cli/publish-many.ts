import type { ManyItem } from "../call/items.ts";
import { oneLine } from "../codec/one-line.ts";
import type { ManyProgress } from "../options/many-options.ts";
import { CliError } from "./cli-error.ts";
import { optionLines } from "./columns.ts";
import type { Command } from "./command.ts";
import { someFailed } from "./command.ts";
import { withClient } from "./connection.ts";
import { connectionHelp, connectionOptions } from "./connection-options.ts";
import { readExact, writeExact } from "./exact-json.ts";
import { linesOf } from "./read-text.ts";

/** The failed lines that are shown without `--json`. */
const mostShown = 10;

/** The command `publish-many`: publishes each line of the standard input. */
export const publishMany: Command = {
  options: { "in-flight": "value", ...connectionOptions },
  help: () => [
    "Usage: tscent publish-many [options] < lines.ndjson",
    "",
    'Publishes each line of the standard input, such as {"channel":"chat","data":1}.',
    "Lines with the same channel keep their order. A terminal shows the progress. The",
    "output has the counts, or with --json a line for each line of the input, in its",
    "order. A line that is not JSON ends the run; the lines before it are published.",
    "",
    ...optionLines([
      ["--in-flight <n>", "the most requests under way at the same time (default: 4)"],
      ...connectionHelp,
      ["--json", "write NDJSON: the result or the error of each line"],
    ]),
  ],
  run: (given, surroundings) =>
    withClient(given, surroundings, async (client) => {
      const { out, complain, progress } = surroundings;
      const inFlight = given.value("in-flight");
      if (inFlight !== undefined && !/^[1-9]\d*$/.test(inFlight))
        throw new CliError("--in-flight: expected a number from 1 on");
      const run = client.publishMany(publications(surroundings.input()), {
        ...(inFlight !== undefined && { inFlight: Number(inFlight) }),
        onProgress: (counts) => progress?.(countsText(counts)),
      });
      let failures = 0;
      try {
        for await (const item of run) {
          if (given.has("json")) await out(`${itemText(item)}\n`);
          else if (!item.ok && ++failures <= mostShown)
            await complain(
              `${progress ? "\r\u001b[K" : ""}tscent: line ${item.index + 1}: ${oneLine(item.error.message)}\n`,
            );
        }
      } finally {
        progress?.("");
        const counts = `${countsText(run.progress)}\n`;
        await (given.has("json") ? complain(counts) : out(counts));
      }
      const { failed, unknown } = run.progress;
      return failed + unknown > 0 ? someFailed : 0;
    }),
};

async function* publications(input: AsyncIterable<Uint8Array>) {
  let line = 0;
  for await (const text of linesOf(input)) {
    line++;
    try {
      yield readExact(text) as { channel: string; data: unknown };
    } catch (cause) {
      // JSON.parse would show a part of the line, which may be secret.
      throw new CliError(`line ${line}: expected JSON`, { cause });
    }
  }
}

function itemText({ index, ...outcome }: ManyItem<unknown>): string {
  return writeExact({ line: index + 1, ...outcome });
}

function countsText({ taken, succeeded, failed, unknown }: ManyProgress): string {
  return `${taken} taken, ${succeeded} succeeded, ${failed} failed, ${unknown} unknown`;
}
