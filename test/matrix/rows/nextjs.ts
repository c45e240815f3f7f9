import { tryClientSource } from "../fixture-program.ts";
import { openProject } from "../project.ts";
import type { Row } from "../row.ts";

/** The bundlers of Next.js. */
const bundlers = { Turbopack: "--turbopack", webpack: "--webpack" };

export const nextRow: Row = {
  group: "frameworks",
  name: "Next.js 16",
  async run(setting) {
    const project = await openProject(setting, "nextjs", {
      packages: { next: "16", react: "19", "react-dom": "19" },
      json: { allowScripts: { sharp: true } },
      fixture: "nextjs",
    });
    project.write("try-client.mjs", tryClientSource("mjs"));
    for (const flag of Object.values(bundlers)) {
      await project.run("next", "build", flag);
      await project.run("node", "drive.mjs");
    }
    const names = Object.keys(bundlers).join(" and ");
    return `${project.version("next")}: built by ${names}; routes with HTTP and gRPC on node, HTTP on edge`;
  },
};
