import { parseArgs } from "node:util";
import { valid } from "semver";
import { UpgradeError } from "./upgrade-error.ts";

/** The arguments of the command, read and checked. */
export interface UpgradeOptions {
  readonly source: string;
  readonly check: boolean;
  /** The release of Centrifugo that the header is to name: `6.10.0`. */
  readonly release: string | undefined;
  readonly allowBreaking: boolean;
  readonly skipTypecheck: boolean;
  readonly skipTests: boolean;
}

export const usage = `Usage: npm run upgrade -- <source> [options]

Brings proto/ and gen/ to the schemas of another Centrifugo. Nothing else is changed, and nothing at all
before the new schemas passed buf's checks, the type check and the tests in a copy of the project.

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

/**
 * Reads the command line.
 *
 * @returns undefined where help was asked for
 * @throws UpgradeError for what is wrong with it
 */
export function parseOptions(args: readonly string[]): UpgradeOptions | undefined {
  const { values, positionals } = parse(args);
  if (values.help === true) return undefined;
  const [source, ...others] = positionals;
  if (!source) throw new UpgradeError(`There is no source.\n\n${usage}`);
  if (others.length > 0)
    throw new UpgradeError(`Expected one source, got ${positionals.join(" and ")}.\n\n${usage}`);
  const release = values.release === undefined ? undefined : valid(values.release);
  if (release === null)
    throw new UpgradeError(
      `--release: expected a version such as 6.10.0, got ${values.release}.\n\n${usage}`,
    );
  return {
    source,
    check: values.check === true,
    release,
    allowBreaking: values["allow-breaking"] === true,
    skipTypecheck: values["skip-typecheck"] === true,
    skipTests: values["skip-tests"] === true,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        check: { type: "boolean" },
        release: { type: "string" },
        "allow-breaking": { type: "boolean" },
        "skip-typecheck": { type: "boolean" },
        "skip-tests": { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new UpgradeError(`${error.message}\n\n${usage}`, { cause: error });
  }
}
