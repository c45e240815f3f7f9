import { cpSync, rmSync } from "node:fs";
import { mkdtempDisposable } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { copyOfTree, requireCleanTree } from "./clean-tree.ts";
import { isEmpty } from "./compare.ts";
import type { UpgradeOptions } from "./options.ts";
import { isOlder, releaseIn } from "./release-line.ts";
import { replaceFolders } from "./replace-folders.ts";
import { whatIsLeft, whatIsNew } from "./report.ts";
import { runCommand } from "./run-command.ts";
import { SchemaModule } from "./schema-module.ts";
import { fetchSchemas, type GitHub } from "./source.ts";
import { UpgradeError } from "./upgrade-error.ts";
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
  readonly gitHub?: GitHub;
}

const replaced = ["proto", "gen"];
const shownLines = 60;
/** The exit code of buf where it ran, and has complaints. */
const complaintsCode = 100;

/**
 * Upgrades a project.
 *
 * @returns the exit code: with `check` 1 where there is something new, else 0
 * @throws UpgradeError where it cannot be done; the project is as it was then
 */
export async function upgrade(options: UpgradeOptions, context: UpgradeContext): Promise<number> {
  const { project, signal, print, progress, gitHub } = context;
  if (!options.check) await requireCleanTree(project, signal);
  await using work = await mkdtempDisposable(join(tmpdir(), "tscent-upgrade-"));
  const folder = (name: string) => join(work.path, name);

  const fetched = await fetchSchemas(options.source, { project, folder: work.path, signal, gitHub });
  const release = options.release ?? fetched.release;
  const ours = new SchemaModule(project, folder("ours"), signal);
  const next = new SchemaModule(project, folder("next"), signal);
  const ourRelease = [...fetched.texts.keys()].map((schema) => releaseIn(ours.read(schema) ?? ""))[0];
  const written = await writeSchemas({ ...fetched, release }, { ours, next });
  const broken = await breakages(next, ours, signal);
  const findings = { name: fetched.name, release, ourRelease, written, broken };
  await print(whatIsNew(findings));
  if (isOlder(release, ourRelease)) await print(`Version ${release} is older than ours.`);
  if (options.check) return broken.length === 0 && written.every((one) => isEmpty(one.difference)) ? 0 : 1;
  if (!written.some(({ isChanged }) => isChanged)) {
    await print("Nothing was changed.");
    return 0;
  }
  if (broken.length > 0 && !options.allowBreaking)
    throw new UpgradeError(
      "The new schema breaks programs; nothing was changed. --allow-breaking goes on all the same.",
    );

  const run = async (cwd: string, hint: string, command: string, ...args: string[]) => {
    const line = [command, ...args].join(" ");
    progress(`${line} …`);
    const { code, said } = await runCommand(command, args, { cwd, signal });
    if (code === 0) return;
    const lines = said.split("\n").slice(-shownLines).join("\n");
    throw new UpgradeError(`\`${line}\` failed with the new schema; nothing was changed.${hint}\n${lines}`);
  };
  await run(
    next.folder,
    " Allow a name that is Centrifugo's in buf.yaml, and commit that first.",
    "buf",
    "lint",
  );
  await run(next.folder, "", "buf", "generate");
  const skip = (option: string) => ` ${option} leaves this out, for mending afterwards.`;
  const copy = await copyOfTree(project, folder("copy"), signal);
  for (const name of replaced) {
    rmSync(join(copy, name), { recursive: true, force: true });
    cpSync(join(next.folder, name), join(copy, name), { recursive: true });
  }
  if (!options.skipTypecheck) await run(copy, skip("--skip-typecheck"), "tsc");
  if (!options.skipTests) {
    // `npm ci` does this in a fresh clone: tests may want what it builds.
    await run(copy, skip("--skip-tests"), "npm", "run", "--if-present", "prepare");
    await run(copy, skip("--skip-tests"), "npm", "test");
  }

  // Somebody may have gone on working while the checks ran.
  await requireCleanTree(project, signal);
  await print(whatIsLeft(findings));
  if (options.skipTypecheck)
    await print("THE TYPES WERE NOT CHECKED (--skip-typecheck). Run `npx tsc` before you commit.");
  if (options.skipTests)
    await print("THE TESTS WERE NOT RUN (--skip-tests). Run `npm test` before you commit.");
  signal.throwIfAborted();
  replaceFolders(project, next.folder, replaced);
  progress(`Replaced ${replaced.join(" and ")}.`);
  return 0;
}

/** What `buf breaking` complains about, a line each. */
async function breakages(next: SchemaModule, ours: SchemaModule, signal: AbortSignal): Promise<string[]> {
  const args = ["breaking", "--against", ours.folder];
  const { code, said } = await runCommand("buf", args, { cwd: next.folder, signal });
  if (code !== 0 && code !== complaintsCode) throw new UpgradeError(`\`buf breaking\` failed:\n${said}`);
  return code === 0 ? [] : said.split("\n").filter((line) => line !== "");
}
