import { runCommand } from "./run-command.ts";
import { UpgradeError } from "./upgrade-error.ts";

const shownFiles = 10;

/** Refuses a project that git does not keep, or that has changes which are not committed. */
export async function requireCleanTree(project: string, signal: AbortSignal): Promise<void> {
  const { code, said } = await runCommand("git", ["status", "--porcelain", "--", "."], {
    cwd: project,
    signal,
  });
  if (code !== 0) {
    throw new UpgradeError(
      `${project} is not in a git repository, so there would be no way back:\n${said.trim()}`,
    );
  }
  const files = said.split("\n").filter((line) => line !== "");
  if (files.length > 0) {
    const more = files.length > shownFiles ? [`… and ${files.length - shownFiles} more`] : [];
    throw new UpgradeError(
      [
        "The tree has changes that are not committed; commit them first, so that the upgrade stands alone:",
        ...files.slice(0, shownFiles),
        ...more,
      ].join("\n"),
    );
  }
  const head = await runCommand("git", ["rev-parse", "--verify", "HEAD"], { cwd: project, signal });
  if (head.code !== 0) throw new UpgradeError(`${project} has no commit yet; commit first`);
}
