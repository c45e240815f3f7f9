import { openProject } from "../project.ts";
import type { Row } from "../row.ts";

export const workerdRow: Row = {
  group: "runtimes",
  name: "workerd (Cloudflare Workers)",
  async run(setting) {
    const project = await openProject(setting, "workerd", {
      packages: { miniflare: "latest", esbuild: "latest" },
      json: { type: "module", allowScripts: { workerd: true, esbuild: true } },
      fixture: "workerd",
    });
    // The flag brings other timers, and other globals of Node.js.
    for (const flag of ["", "nodejs_compat"]) await project.run("node", "drive.mjs", flag);
    return `${project.version("workerd")}: HTTP, 20 requests on one client, with and without nodejs_compat`;
  },
};
