import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { exampleSource } from "../example.ts";
import { openProject } from "../project.ts";
import type { Row } from "../row.ts";
import { tryServerProgram } from "../try-server-program.ts";

interface Version {
  readonly version: string;
  readonly title: string;
  /** How a source imports another one. */
  readonly extension: "" | ".js";
}

const versions: readonly Version[] = [
  { version: "11", title: "CommonJS, Jest", extension: "" },
  { version: "12", title: "ES modules, Vitest", extension: ".js" },
];

export const nestRows: readonly Row[] = versions.map(({ version, title, extension }) => ({
  group: "frameworks",
  name: `NestJS ${version} (${title})`,
  async run(setting) {
    const maker = await openProject(setting, `nestjs-${version}-new`, {
      packages: { "@nestjs/cli": version },
    });
    const app = join(maker.folder, "app");
    if (!readdirSync(maker.folder).includes("app"))
      await maker.run(
        "nest",
        "new",
        "app",
        "--skip-install",
        "--skip-git",
        "--package-manager=npm",
        "--strict",
      );
    const { dependencies, ...json } = JSON.parse(readFileSync(join(app, "package.json"), "utf8")) as {
      dependencies: Record<string, string>;
    };
    const project = await openProject(setting, `nestjs-${version}`, {
      packages: dependencies,
      json,
      copy: app,
    });
    for (const file of ["cent.module.ts", "rooms.controller.ts", "rooms.controller.spec.ts", "main.ts"]) {
      const text = exampleSource(`nestjs/${file}`);
      project.write(`src/${file}`, text.replaceAll(/(?<="\.[^"]*)\.js(?=")/g, extension));
    }
    await project.run("npm", "test");
    await project.run("npm", "run", "build");
    await tryServerProgram(project, ["dist/main.js"], { endsBySignal: true });
    return `${project.version("@nestjs/core")}: the example's \`npm test\`, and its server, HTTP and gRPC`;
  },
}));
