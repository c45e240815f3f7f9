import { tryProgram } from "../fixture-program.ts";
import { openProject } from "../project.ts";
import type { Row } from "../row.ts";

const commands: Readonly<Record<string, readonly [string, ...string[]]>> = {
  Bun: ["bun", "run"],
  Deno: ["deno", "run", "--allow-all", "--node-modules-dir=manual"],
};

export const bunAndDenoRows: readonly Row[] = Object.entries(commands).map(([name, command]) => ({
  group: "runtimes",
  name,
  async run(setting) {
    const tool = name.toLowerCase();
    const project = await openProject(setting, tool, {
      packages: { [tool]: "latest" },
      json: { allowScripts: { [tool]: true } },
    });
    for (const form of ["mjs", "cjs"] as const) {
      project.write(`program.${form}`, tryProgram(form));
      await project.run(...command, `program.${form}`);
    }
    return `${project.version(tool)}: ES modules and CommonJS, HTTP and gRPC`;
  },
}));
