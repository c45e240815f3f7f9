import { existsSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "../run-command.ts";
import { projectSchema } from "../schema/read-schema.ts";
import { UpgradeError } from "../upgrade-error.ts";

/**
 * Makes a copy of a committed project with another schema in it, for trying things out; its installed packages are
 * linked, not copied.
 *
 * @returns the copy's folder, below `folder`
 */
export async function stagingCopy(
  project: string,
  text: string,
  { folder, signal }: { folder: string; signal: AbortSignal },
): Promise<string> {
  const git = async (...args: string[]) => {
    const { code, stdout, said } = await runCommand("git", args, { cwd: project, signal });
    if (code !== 0)
      throw new UpgradeError(`The project could not be copied; git ${args[0]} said:\n${said.trim()}`);
    return stdout.toString().trimEnd();
  };
  const repository = join(folder, "staging");
  const root = await git("rev-parse", "--show-toplevel");
  const prefix = await git("rev-parse", "--show-prefix");
  await git("clone", "--quiet", root, repository);
  const staging = join(repository, prefix);
  const packages = join(project, "node_modules");
  if (existsSync(packages)) symlinkSync(packages, join(staging, "node_modules"));
  writeFileSync(join(staging, projectSchema), text);
  return staging;
}
