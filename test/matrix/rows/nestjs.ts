import assert from "node:assert/strict";
import { globSync, readdirSync, readFileSync } from "node:fs";
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
  /** The packages of the example. `@nestjs/config` 4 belongs to Nest 11. */
  readonly packages: Readonly<Record<string, string>>;
}

const fixture = readFileSync(new URL("../fixtures/nestjs/src/app.spec.ts", import.meta.url), "utf8");
const proxySecret = "a-secret-of-a-proxy";

const versions: readonly Version[] = [
  {
    ...{ version: "11", title: "CommonJS, Jest", extension: "" },
    packages: { "@nestjs/config": "4", "@nestjs/terminus": "11", "@nestjs/platform-fastify": "11" },
  },
  {
    ...{ version: "12", title: "ES modules, Vitest", extension: ".js" },
    packages: { "@nestjs/config": "12", "@nestjs/terminus": "12", "@nestjs/platform-fastify": "12" },
  },
];

export const nestRows: readonly Row[] = versions.map(({ version, title, extension, packages }) => ({
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
      packages: { ...dependencies, ...packages },
      json,
      copy: app,
    });
    const files = globSync("*.ts", { cwd: "examples/frameworks/nestjs" });
    const sources = files.map((file) => [file, exampleSource(`nestjs/${file}`)] as const);
    for (const [file, text] of [...sources, ["app.spec.ts", fixture] as const])
      project.write(`src/${file}`, text.replaceAll(/(?<="\.[^"]*)\.js(?=")/g, extension));
    await project.run("npm", "test");
    await project.run("npm", "run", "build");
    await tryServerProgram(project, ["dist/main.js"], {
      endsBySignal: true,
      alsoTry,
      env: { CENT_PROXY_SECRET: proxySecret },
    });
    return `${project.version("@nestjs/core")}: the example's \`npm test\`, and its server with health and proxy, HTTP and gRPC`;
  },
}));

/** Asks the application for its health, and as Centrifugo asks a proxy. */
async function alsoTry(address: string): Promise<void> {
  const health = (await (await fetch(`${address}/health`)).json()) as { details: object };
  assert.deepEqual(health.details, { centrifugo: { status: "up" } });
  const subscribe = async (channel: string, secret: string) => {
    const response = await fetch(`${address}/centrifugo/subscribe`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-centrifugo-secret": secret },
      body: JSON.stringify({ client: "c", transport: "websocket", user: "42", channel }),
    });
    return [response.status, await response.text()];
  };
  assert.deepEqual(await subscribe("room_1", proxySecret), [200, '{"result":{}}']);
  const denied = '{"error":{"code":403,"message":"permission denied"}}';
  assert.deepEqual(await subscribe("room_2", proxySecret), [200, denied]);
  assert.deepEqual(await subscribe("room_1", "wrong"), [401, ""]);
}
