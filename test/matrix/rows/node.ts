import { join } from "node:path";
import { tryProgram } from "../fixture-program.ts";
import { openProject } from "../project.ts";
import type { Row } from "../row.ts";

/** The oldest version that the package takes, and the newest of each later line. */
const versions = { "Node.js 22.19": "22.19.0", "Node.js 24": "24", "Node.js 26": "26" };

export const nodeRows: readonly Row[] = Object.entries(versions).map(([name, version]) => ({
  group: "runtimes",
  name,
  async run(setting) {
    const project = await openProject(setting, `node-${version}`, {
      packages: { node: version },
      json: { allowScripts: { node: true } },
    });
    const node = join(project.folder, "node_modules/node/bin/node");
    for (const form of ["mjs", "cjs"] as const) {
      project.write(`program.${form}`, tryProgram(form));
      await project.run(node, `program.${form}`);
    }
    const installed = (await project.run(node, "--version")).trim().slice(1);
    return `${installed}: ES modules and CommonJS, HTTP and gRPC`;
  },
}));
