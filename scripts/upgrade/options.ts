import { parseArgs } from "node:util";
import { valid } from "semver";
import { UpgradeError } from "./failures.ts";

export const usage = `Usage: npm run upgrade -- <source> [options]

Brings proto/, gen/ and docs/reference.md to the schemas of another Centrifugo. Nothing else is changed, and
nothing at all before the new schemas passed buf's checks, the type check and the tests in a copy of the project.

Source:
  v6.10.0 or 6.10.0   the schemas of that release, from GitHub
  latest              those of the newest release
  path                a schema, or a folder with schemas, such as a clone of Centrifugo
  https://…           a schema on the web
  buf.build/centrifugo/apiproto[:label]   a module of the Buf Schema Registry

Options:
  --check            only says what is new: exit code 0 for nothing, 1 for something, 2 for a failure
  --release 6.10.0   the release that the header names, where the source does not tell
  --allow-breaking   goes on where the change breaks programs that use the SDK
  --skip-typecheck   leaves \`tsc\` out, for a schema to which the sources have to be adapted afterwards
  --skip-tests       leaves \`npm test\` out, likewise
  --help             this text

Order and layout are those of the source. Our comments stay with their elements, by name.`;

/** The arguments of the command, read and checked. */
export type UpgradeOptions = NonNullable<ReturnType<typeof parseOptions>>;

/**
 * Reads the command line.
 *
 * @returns undefined where help was asked for
 * @throws UpgradeError or an error of `parseArgs`, for what is wrong with it
 */
export function parseOptions(args: readonly string[]) {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      check: { type: "boolean", default: false },
      release: { type: "string" },
      "allow-breaking": { type: "boolean", default: false },
      "skip-typecheck": { type: "boolean", default: false },
      "skip-tests": { type: "boolean", default: false },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) return undefined;
  const [source = "", ...others] = positionals;
  if (source === "" || others.length > 0)
    throw new UpgradeError(`expected one source, got ${positionals.join(" and ") || "none"}; see --help`);
  const release = values.release === undefined ? undefined : valid(values.release);
  if (release === null)
    throw new UpgradeError(`--release: expected a version such as 6.10.0, got ${values.release}`);
  return { ...values, source, release };
}
