import { readdirSync, readFileSync } from "node:fs";

const page = readFileSync("examples/README.md", "utf8");

/** The examples that are programs of their own, each with the text that examples/README.md says it prints. */
export const examplePrograms: readonly { readonly file: string; readonly prints: string }[] = [
  ...page.matchAll(/^## `([\w-]+\.ts)`\n.*?```text\n(.*?)```/gms),
].map(([, name = "", prints = ""]) => ({ file: `examples/${name}`, prints }));

/** The files of the examples that talk to a server with the README's config.json. */
export const exampleFiles: readonly string[] = readdirSync("examples")
  .filter((name) => name.endsWith(".ts") && !["demo.ts", "one-round.ts", "connect-user.ts"].includes(name))
  .map((name) => `examples/${name}`);
