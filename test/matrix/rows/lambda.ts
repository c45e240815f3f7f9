import { compileExample, compilerPackages } from "../example.ts";
import { openProject } from "../project.ts";
import type { Row } from "../row.ts";

export const lambdaRow: Row = {
  group: "frameworks",
  name: "AWS Lambda",
  async run(setting) {
    const project = await openProject(setting, "lambda", {
      packages: compilerPackages,
      fixture: "lambda",
    });
    await compileExample(project, "lambda");
    await project.run("node", "invoke.mjs");
    return `Node.js ${process.versions.node}: the example's handler as a function, HTTP and gRPC`;
  },
};
