import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { tryClientSource } from "../fixture-program.ts";
import { openProject } from "../project.ts";
import type { Row } from "../row.ts";

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
    for (const file of ["publisher.service.ts", "publisher.service.spec.ts"]) {
      const text = readFileSync(new URL(`../fixtures/nestjs/${file}`, import.meta.url), "utf8");
      project.write(`src/${file}`, text.replaceAll(/(?<="\.[^"]*)\.js(?=")/g, extension));
    }
    project.write("src/try-client.ts", tryClientSource("ts"));
    await project.run("npm", "test");
    await project.run("npm", "run", "build");
    return `${project.version("@nestjs/core")}: its \`npm test\` with HTTP, gRPC and tscent/testing, and its build`;
  },
}));
