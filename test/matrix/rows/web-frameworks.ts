import { compileExample, compilerPackages } from "../example.ts";
import { openProject } from "../project.ts";
import type { Row } from "../row.ts";
import { tryServerProgram } from "../try-server-program.ts";

interface Framework {
  readonly name: string;
  /** The package whose version the table has, and the name of the example. */
  readonly tool: string;
  readonly packages: readonly string[];
  readonly type: "module" | "commonjs";
}

const frameworks: readonly Framework[] = [
  { name: "Express (CommonJS)", tool: "express", packages: ["@types/express"], type: "commonjs" },
  { name: "Fastify", tool: "fastify", packages: ["fastify-plugin"], type: "module" },
  { name: "Hono", tool: "hono", packages: ["@hono/node-server"], type: "module" },
];

export const webFrameworkRows: readonly Row[] = frameworks.map(({ name, tool, packages, type }) => ({
  group: "frameworks",
  name,
  async run(setting) {
    const latest = Object.fromEntries([tool, ...packages].map((dependency) => [dependency, "latest"]));
    const project = await openProject(setting, tool, { packages: { ...latest, ...compilerPackages } });
    await tryServerProgram(project, [await compileExample(project, tool, type)]);
    return `${project.version(tool)}: the example's server, HTTP and gRPC`;
  },
}));
