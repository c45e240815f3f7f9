// `npm run upgrade -- <source>`, the one command for a new Centrifugo: it brings proto/ and gen/ to that release's schema,
// or leaves everything as it was and says why.
import { writeText } from "../src/cli/write-text.ts";
import { messageOf } from "../src/transport/transport-failure.ts";
import { requireCleanTree } from "./upgrade/check-tree.ts";
import { compareSchemas } from "./upgrade/compare/compare-schemas.ts";
import { Interrupted, onInterruption } from "./upgrade/interruption.ts";
import type { UpgradeOptions } from "./upgrade/options.ts";
import { parseOptions, usage } from "./upgrade/options.ts";
import { whatIsLeft, whatIsNew } from "./upgrade/report/report.ts";
import { readProjectSchema, readSchema } from "./upgrade/schema/read-schema.ts";
import { requirePrintable } from "./upgrade/schema/require-printable.ts";
import type { Endpoints } from "./upgrade/source/fetch-options.ts";
import { fetchSource } from "./upgrade/source/fetch-source.ts";
import { changedFiles } from "./upgrade/stage/changed-files.ts";
import { replaceFiles } from "./upgrade/stage/replace-files.ts";
import { stagingCopy } from "./upgrade/stage/staging-copy.ts";
import { stepsOn } from "./upgrade/stage/steps.ts";
import { temporaryFolder } from "./upgrade/temporary-folder.ts";
import { UpgradeError } from "./upgrade/upgrade-error.ts";
import { verifiedText } from "./upgrade/verified-text.ts";
import { writeSchema } from "./upgrade/write-schema.ts";

/** Where an upgrade takes place. */
export interface UpgradeContext {
  /** The folder of the project that is upgraded. */
  readonly project: string;
  readonly signal: AbortSignal;
  /** Takes the report. It throws where it cannot. */
  readonly print: (text: string) => void | Promise<void>;
  /** Takes what is being done at the moment, a line each. */
  readonly progress: (line: string) => void;
  /** Where releases are downloaded; GitHub where it is left out. */
  readonly endpoints?: Partial<Endpoints>;
}

/**
 * Upgrades a project.
 *
 * @returns the exit code: with `check` 1 where there is something new, else 0
 * @throws UpgradeError where it cannot be done; the project is as it was then, unless the message says that all is done
 */
export async function upgrade(options: UpgradeOptions, context: UpgradeContext): Promise<number> {
  const { project, signal, print, progress, endpoints } = context;
  using work = temporaryFolder();
  const building = { folder: work.path, signal };
  if (!options.check) await requireCleanTree(project, signal);

  const fetched = await fetchSource(options.source, { project, ...building, ...endpoints });
  const ours = await readProjectSchema(project, building);
  const theirs = await readSchema(fetched.text, fetched.name, building);
  const changes = compareSchemas(ours.file, theirs.file);
  const release = options.release ?? fetched.release;
  const findings = { ours, theirs, name: fetched.name, release, changes };
  await print(whatIsNew(findings));
  if (options.check) return changes.length === 0 ? 0 : 1;

  requirePrintable(theirs.file, fetched.name);
  const written = writeSchema(ours, theirs, changes, { release, theirComments: options.theirComments });
  if (written.text === ours.text) {
    await print("Nothing was changed.");
    return 0;
  }
  const text = await verifiedText(written.text, theirs, building);
  const staging = await stagingCopy(project, text, building);
  const steps = stepsOn({ staging, project, signal, progress });
  await steps.lint();
  const broken = await steps.breaking();
  if (broken !== "" && !options.allowBreaking) {
    throw new UpgradeError(
      `The new schema breaks programs; nothing was changed. --allow-breaking goes on all the same. buf says:\n${broken}`,
    );
  }
  await steps.generate();
  const files = changedFiles(project, staging, ["proto", "gen"]);
  if (!options.skipTypecheck) await steps.typecheck();
  if (!options.skipTests) await steps.test();

  // The checks took a while, in which somebody may have gone on working.
  await requireCleanTree(project, signal);
  replaceFiles(project, files);
  const skipped = [
    ...(options.skipTypecheck
      ? ["THE TYPES WERE NOT CHECKED (--skip-typecheck). Run `npx tsc` before you commit."]
      : []),
    ...(options.skipTests
      ? ["THE TESTS WERE NOT RUN (--skip-tests). Run `npm test` before you commit."]
      : []),
  ];
  const changed = `Changed: ${files.map(({ path }) => path).join(", ")}`;
  try {
    await print([whatIsLeft(findings, written), changed, ...skipped].join("\n\n"));
  } catch (cause) {
    throw new UpgradeError(`${messageOf(cause)}; all else is done. ${changed}`, { cause });
  }
  return 0;
}

/** The command line's part: what it prints, and its exit code. */
async function main(args: readonly string[]): Promise<number> {
  using interruption = onInterruption();
  try {
    const options = parseOptions(args);
    if (options === undefined) {
      await print(usage);
      return 0;
    }
    return await upgrade(options, {
      project: process.cwd(),
      signal: interruption.signal,
      print: (text) => print(`${text}\n`),
      progress: (line) => console.error(line),
    });
  } catch (error) {
    if (error instanceof Interrupted) {
      console.error(error.message);
      return error.exitCode;
    }
    console.error(isPlain(error) ? `upgrade: ${error.message}` : error);
    return 2;
  }
}

async function print(text: string): Promise<void> {
  try {
    await writeText(process.stdout, `${text}\n`);
  } catch (cause) {
    throw new UpgradeError(`the report cannot be written (${messageOf(cause)})`, { cause });
  }
}

/** Whether a message says all: the system's errors, as of a folder that nobody may write to, have a stack of no use. */
function isPlain(error: unknown): error is Error {
  return error instanceof UpgradeError || (error instanceof Error && "syscall" in error);
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2));
