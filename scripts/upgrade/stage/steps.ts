import type { CommandResult } from "../run-command.ts";
import { runCommand } from "../run-command.ts";
import { UpgradeError } from "../upgrade-error.ts";

/** What is asked of the copy, in this order. */
export interface Steps {
  lint(): Promise<void>;
  /** What buf complains about against the project's schema; "" where it breaks nothing. */
  breaking(): Promise<string>;
  generate(): Promise<void>;
  typecheck(): Promise<void>;
  test(): Promise<void>;
}

export interface StepOptions {
  /** The copy. */
  readonly staging: string;
  readonly project: string;
  readonly signal: AbortSignal;
  /** Tells what is being done. */
  readonly progress: (line: string) => void;
}

const shownLines = 60;
/** The exit code of buf where it ran, and has complaints. */
const complaintsCode = 100;

/** The checks and the generator, run on a staging copy. Each but `breaking` throws an UpgradeError where it fails. */
export function stepsOn({ staging, project, signal, progress }: StepOptions): Steps {
  const run = (command: string, ...args: string[]) => {
    progress(`${[command, ...args].join(" ").replace(project, ".")} …`);
    return runCommand(command, args, { cwd: staging, signal });
  };
  const failed = ({ said }: CommandResult, line: string, hint: string) =>
    new UpgradeError(
      `\`${line}\` failed with the new schema; nothing was changed.${hint}\n${lastLines(said)}`,
    );
  const succeed = async (command: string, args: readonly string[], hint: string) => {
    const result = await run(command, ...args);
    if (result.code !== 0) throw failed(result, [command, ...args].join(" "), hint);
  };
  const skip = (option: string) => ` ${option} leaves it out, for mending afterwards.`;
  return {
    lint: () =>
      succeed(
        "buf",
        ["lint"],
        " A name that is Centrifugo's needs an exception in buf.yaml, committed first.",
      ),
    async breaking() {
      const result = await run("buf", "breaking", "--against", project);
      if (result.code === complaintsCode) return result.said.trim();
      if (result.code !== 0) throw failed(result, "buf breaking", "");
      return "";
    },
    generate: () => succeed("buf", ["generate"], ""),
    typecheck: () => succeed("tsc", [], skip("--skip-typecheck")),
    async test() {
      // What `npm ci` does in a fresh clone: tests may want what it builds.
      await succeed("npm", ["run", "--if-present", "prepare"], skip("--skip-tests"));
      await succeed("npm", ["test"], skip("--skip-tests"));
    },
  };
}

function lastLines(text: string): string {
  const lines = text.trim().split("\n");
  return lines.length > shownLines ? ["…", ...lines.slice(-shownLines)].join("\n") : lines.join("\n");
}
