import { freePort } from "../../chaos/servers/ports.ts";
import { findProgram } from "../../chaos/servers/program.ts";
import { startRedis } from "../../chaos/servers/redis.ts";
import { compileExample, compilerPackages } from "../example.ts";
import { openProject } from "../project.ts";
import type { Row } from "../row.ts";
import { SkippedRow } from "../row.ts";

export const bullmqRow: Row = {
  group: "frameworks",
  name: "BullMQ",
  async run(setting) {
    if (findProgram("redis-server") === undefined) throw new SkippedRow("redis-server is not on the PATH");
    const project = await openProject(setting, "bullmq", {
      packages: { bullmq: "latest", ioredis: "latest", ...compilerPackages },
      json: { allowScripts: { "msgpackr-extract": false } },
      fixture: "bullmq",
    });
    await compileExample(project, "bullmq");
    const port = await freePort();
    await using _redis = await startRedis(port);
    await project.run("node", "add-jobs.mjs", `redis://127.0.0.1:${port}`);
    return `${project.version("bullmq")}: the example's worker with Redis, HTTP and gRPC`;
  },
};
