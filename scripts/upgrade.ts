// `npm run upgrade -- <source>`, the one command for a new Centrifugo: it brings proto/, gen/ and docs/reference.md to that
// release's schemas, or leaves everything as it was and says why.
import { writeText } from "../src/cli/write-text.ts";
import { messageOf } from "../src/transport/transport-failure.ts";
import { Interrupted, interruptionSignal, UpgradeError } from "./upgrade/failures.ts";
import { parseOptions, usage } from "./upgrade/options.ts";
import { upgrade } from "./upgrade/upgrade.ts";

async function print(text: string): Promise<void> {
  try {
    await writeText(process.stdout, `${text}\n\n`);
  } catch (cause) {
    throw new UpgradeError(`the report cannot be written (${messageOf(cause)})`, { cause });
  }
}

/** Whether a message is enough: the stack of an error of the system or the command line is of no use. */
function isPlain(error: unknown): error is Error {
  return error instanceof UpgradeError || (error instanceof Error && "code" in error);
}

try {
  const options = parseOptions(process.argv.slice(2));
  if (options === undefined) await print(usage);
  else
    process.exitCode = await upgrade(options, {
      project: process.cwd(),
      signal: interruptionSignal(),
      print,
      progress: (line) => console.error(line),
    });
} catch (error) {
  if (error instanceof Interrupted) {
    console.error(error.message);
    process.exitCode = error.exitCode;
  } else {
    console.error(isPlain(error) ? `upgrade: ${error.message}` : error);
    process.exitCode = 2;
  }
}
