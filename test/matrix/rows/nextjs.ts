import assert from "node:assert/strict";
import { exampleSource } from "../example.ts";
import { tryClientSource } from "../fixture-program.ts";
import { openProject } from "../project.ts";
import type { Row } from "../row.ts";
import { tryServerProgram } from "../try-server-program.ts";

/** The bundlers of Next.js. */
const bundlers = { Turbopack: "--turbopack", webpack: "--webpack" };

export const nextRow: Row = {
  group: "frameworks",
  name: "Next.js 16",
  async run(setting) {
    const project = await openProject(setting, "nextjs", {
      packages: {
        ...{ next: "16", react: "19", "react-dom": "19" },
        ...{ typescript: "5.9", "@types/node": "24", "@types/react": "19" },
      },
      json: { allowScripts: { sharp: true } },
      fixture: "nextjs",
    });
    project.write("try-client.mjs", tryClientSource("mjs"));
    for (const file of ["cent.ts", "app/rooms/[room]/messages/route.ts"])
      project.write(file, exampleSource(`nextjs/${file}`));
    for (const flag of Object.values(bundlers)) {
      await project.run("next", "build", flag);
      await tryServerProgram(project, ["node_modules/next/dist/bin/next", "start"], {
        endsBySignal: true,
        async alsoTry(address) {
          const response = await fetch(`${address}/edge`);
          assert.equal(await response.text(), "http");
        },
      });
    }
    const names = Object.keys(bundlers).join(" and ");
    return `${project.version("next")}: the example built by ${names}, HTTP and gRPC; HTTP in a route on edge`;
  },
};
