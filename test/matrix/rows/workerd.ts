import { compileExample, compilerPackages } from "../example.ts";
import { openProject } from "../project.ts";
import type { Row } from "../row.ts";

export const workerdRow: Row = {
  group: "runtimes",
  name: "Cloudflare Workers (workerd)",
  async run(setting) {
    const project = await openProject(setting, "workerd", {
      packages: { miniflare: "latest", esbuild: "latest", ...compilerPackages },
      json: { type: "module", allowScripts: { workerd: true, esbuild: true } },
      fixture: "workerd",
    });
    // The flag brings other timers, and other globals of Node.js.
    for (const flag of ["", "nodejs_compat"]) await project.run("node", "drive.mjs", flag);
    await compileExample(project, "worker");
    await project.run("node", "drive-example.mjs");
    return `${project.version("workerd")}: the example; HTTP, 20 requests on one client, with and without nodejs_compat`;
  },
};
