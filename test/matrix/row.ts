import type { Setting } from "./setting.ts";

/** One line of the table: something that must work with the packed package. */
export interface Row {
  /** The rows of a group belong together, and `npm run matrix -- <group>` picks them. */
  readonly group: string;
  readonly name: string;
  /**
   * Installs what the row needs, and tries it. Gives what ran. Rejects with the output of a command that fails, or with a
   * {@link SkippedRow}.
   */
  run(setting: Setting): Promise<string>;
}

/** A row does not run on this machine, for the reason in the message. It has not passed. */
export class SkippedRow extends Error {}
