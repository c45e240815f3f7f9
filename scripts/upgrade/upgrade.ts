import { cp, mkdtempDisposable, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { releaseIn } from "../generate/release.ts";
import { UpgradeError } from "./failures.ts";
import type { UpgradeOptions } from "./options.ts";
import { copyOfTree, replaceFolders, requireCleanTree } from "./project-tree.ts";
import { isNew, whatIsLeft, whatIsNew } from "./report.ts";
import { runCommand } from "./run-command.ts";
import { SchemaModule } from "./schema-module.ts";
import { fetchSchemas, type gitHub } from "./source.ts";
import { writeSchemas } from "./write-schemas.ts";

/** Where an upgrade takes place. */
export interface UpgradeContext {
  /** The folder of the project that is upgraded. */
  readonly project: string;
  readonly signal: AbortSignal;
  /** Takes the report. It throws where it cannot. */
  readonly print: (text: string) => void | Promise<void>;
  /** Takes what is being done at the moment, a line each. */
  readonly progress: (line: string) => void;
  readonly site?: typeof gitHub;
}

const replaced = ["proto", "gen", "docs/reference.md"];
/** The exit code of buf where it ran, and has complaints. */
const complaintsCode = 100;

/**
 * Upgrades a project.
 *
 * @returns the exit code: with `check` 1 where there is something new, else 0
 * @throws UpgradeError where it cannot be done; the project is as it was then
 */
export async function upgrade(options: UpgradeOptions, context: UpgradeContext): Promise<number> {
  const { project, signal, print, progress } = context;
  if (!options.check) await requireCleanTree(project, signal);
  await using work = await mkdtempDisposable(join(tmpdir(), "tscent-upgrade-"));
  const folder = (name: string) => join(work.path, name);

  const fetched = await fetchSchemas(options.source, work.path, context);
  const release = options.release ?? fetched.release;
  const ours = await SchemaModule.of(project, folder("ours"), signal);
  const next = await SchemaModule.of(project, folder("next"), signal);
  const releases = [...fetched.texts.keys()].map((schema) => releaseIn(ours.read(schema)));
  const ourRelease = releases.find((one) => one !== undefined);
  const written = await writeSchemas(fetched, release, { ours, next });
  const against = ["breaking", "--against", ours.folder];
  const broken = await runCommand("buf", against, { cwd: next.folder, signal, accepted: complaintsCode });
  const findings = { name: fetched.name, release, ourRelease, written, broken };
  await print(whatIsNew(findings));
  if (options.check) return isNew(findings) ? 1 : 0;
  if (!written.some(({ isChanged }) => isChanged)) {
    await print("Nothing was changed.");
    return 0;
  }
  if (broken.length > 0 && !options["allow-breaking"])
    throw new UpgradeError(
      "the new schema breaks programs, so nothing was changed; --allow-breaking goes on all the same",
    );

  const run = async (cwd: string, advice: string, command: string, ...args: string[]) => {
    progress(`${[command, ...args].join(" ")} …`);
    await runCommand(command, args, {
      cwd,
      signal,
      hint: ` with the new schema; nothing was changed. ${advice}`,
    });
  };
  const { folder: made } = next;
  await run(made, "Allow a name that is Centrifugo's in buf.yaml, and commit that first", "buf", "lint");
  await run(made, "buf says", "buf", "generate");
  await run(made, "The script says", "node", "scripts/reference.ts", "--write");
  const copy = await copyOfTree(project, folder("copy"), signal);
  for (const name of replaced) {
    await rm(join(copy, name), { recursive: true, force: true });
    await cp(join(made, name), join(copy, name), { recursive: true });
  }
  const skip = (option: string) => `${option} leaves this out, for mending afterwards`;
  if (!options["skip-typecheck"]) await run(copy, skip("--skip-typecheck"), "tsc");
  if (!options["skip-tests"]) {
    // `npm ci` does this in a fresh clone: tests may want what it builds.
    await run(copy, skip("--skip-tests"), "npm", "run", "--if-present", "prepare");
    await run(copy, skip("--skip-tests"), "npm", "test");
  }

  // Somebody may have gone on working while the checks ran.
  await requireCleanTree(project, signal);
  const isTold = isNew(findings) || (release ?? ourRelease) !== ourRelease;
  await print(isTold ? whatIsLeft(findings) : "Only order and layout changed.");
  if (options["skip-typecheck"])
    await print("THE TYPES WERE NOT CHECKED (--skip-typecheck). Run `npx tsc` before you commit.");
  if (options["skip-tests"])
    await print("THE TESTS WERE NOT RUN (--skip-tests). Run `npm test` before you commit.");
  await replaceFolders(project, made, replaced, signal);
  progress(`Replaced ${replaced.join(" and ")}.`);
  return 0;
}
