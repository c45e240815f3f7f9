import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

export interface SnippetOptions {
  /** The page must have more snippets than this, so that the test notices a change of its form. */
  readonly moreThan: number;
  /** Makes a program of a snippet, after earlier hooks have run. By default the snippet is the program. */
  readonly complete?: (snippet: string) => string;
  /** Files that the snippets read, by name, in the folder in which they run. */
  readonly files?: Readonly<Record<string, string>>;
  /** Environment variables of the snippets; called once the hooks before have run. */
  readonly env?: () => Readonly<Record<string, string>>;
}

/** Asynchronous, because the server of the snippets may run in this process. */
const run = promisify(execFile);

/** Tests that the TypeScript snippets of a page have the types that they say, and run. */
export function testSnippets(page: string, options: SnippetOptions): void {
  const { moreThan, complete = (snippet) => snippet, files = {}, env = () => ({}) } = options;
  const text = readFileSync(page, "utf8");
  const snippets = [...text.matchAll(/```ts\n(.*?)```/gs)].map(([, code = ""]) => code);
  // Inside the project, so that "tscent" is the project itself.
  const folder = join(".snippets", basename(page, ".md").toLowerCase());

  describe(`the snippets of ${page}`, () => {
    beforeAll(() => {
      rmSync(folder, { recursive: true, force: true });
      mkdirSync(folder, { recursive: true });
      const programs = snippets.map((code, index) => [`${index}.ts`, `${complete(code)}\nexport {};\n`]);
      const config = { extends: "../../tsconfig.json", include: ["*.ts"] };
      const written: Record<string, string> = {
        ...files,
        ...Object.fromEntries(programs),
        "tsconfig.json": JSON.stringify(config),
      };
      for (const [name, content] of Object.entries(written)) writeFileSync(join(folder, name), content);
    });

    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    test(`${page} has more than ${moreThan} snippets`, () =>
      expect(snippets.length).toBeGreaterThan(moreThan));

    test(`the snippets of ${page} have the types that they say`, async () => {
      await expect(run("tsc", ["-p", folder])).resolves.toBeDefined();
    }, 30_000);

    test.each(snippets.map((code, index) => [index, code.trim().split("\n")[0] ?? ""]))(
      `snippet %i of ${page} runs: %s`,
      async (index) => {
        const program = ["--conditions=tscent-source", `${index}.ts`];
        await expect(
          run("node", program, { cwd: folder, env: { ...process.env, ...env() } }),
        ).resolves.toMatchObject({ stderr: "" });
      },
    );
  });
}
