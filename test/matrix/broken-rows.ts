import type { Row } from "./row.ts";
import { runCommand } from "./run-command.ts";

/** A row whose command fails. The runner's own test uses it in place of `rows.ts`. */
export const rows: readonly Row[] = [
  {
    group: "broken",
    name: "a command with exit code 3",
    run: () => runCommand(["node", "-e", 'console.log("its output"); process.exit(3)'], { cwd: "." }),
  },
];
