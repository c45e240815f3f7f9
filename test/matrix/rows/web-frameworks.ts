import { tryClientSource } from "../fixture-program.ts";
import { openProject } from "../project.ts";
import type { Row } from "../row.ts";

interface Framework {
  readonly name: string;
  readonly tool: string;
  readonly packages: Readonly<Record<string, string>>;
  readonly program: string;
}

const frameworks: readonly Framework[] = [
  {
    ...{ name: "Express (CommonJS)", tool: "express" },
    ...{ packages: { express: "latest" }, program: "express.cjs" },
  },
  { name: "Fastify", tool: "fastify", packages: { fastify: "latest" }, program: "fastify.mjs" },
  {
    ...{ name: "Hono", tool: "hono" },
    ...{ packages: { hono: "latest", "@hono/node-server": "latest" }, program: "hono.mjs" },
  },
];

export const webFrameworkRows: readonly Row[] = frameworks.map(({ name, tool, packages, program }) => ({
  group: "frameworks",
  name,
  async run(setting) {
    const project = await openProject(setting, tool, { packages, fixture: "web" });
    for (const form of ["mjs", "cjs"] as const) project.write(`try-client.${form}`, tryClientSource(form));
    await project.run("node", program);
    return `${project.version(tool)}: HTTP and gRPC from a route`;
  },
}));
