import { readFileSync } from "node:fs";

/** The text of the config.json in the README's quick start. */
export function quickStartConfig(): string {
  const [, text] = readFileSync("README.md", "utf8").match(/```json\n(.*?)```/s) ?? [];
  if (text === undefined) throw new Error("README.md has no config.json");
  return text;
}
