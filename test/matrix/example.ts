import { readFileSync } from "node:fs";
import type { Project } from "./project.ts";

/** The packages that compile an example. */
export const compilerPackages = { typescript: "latest", "@types/node": "24" };

/** A file of examples/frameworks, which docs/frameworks.md shows. */
export function exampleSource(path: string): string {
  return readFileSync(new URL(`../../examples/frameworks/${path}`, import.meta.url), "utf8");
}

/** Compiles an example as it is, with all checks. Gives the path of the program in the project. */
export async function compileExample(
  project: Project,
  name: string,
  type: "module" | "commonjs" = "module",
): Promise<string> {
  const compilerOptions = { module: "nodenext", target: "es2022", strict: true, types: ["node"] };
  project.write("example/package.json", JSON.stringify({ type }));
  project.write("example/tsconfig.json", JSON.stringify({ compilerOptions }));
  project.write(`example/${name}.ts`, exampleSource(`${name}.ts`));
  await project.run("tsc", "-p", "example");
  return `example/${name}.js`;
}
