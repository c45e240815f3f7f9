import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CentrifugoApi } from "../gen/centrifugal/centrifugo/api/api_pb.ts";
import { methodTable } from "../src/methods.ts";
import type { TestServer } from "../src/testing/index.ts";
import { startTestServer } from "../src/testing/index.ts";

/** Not the synchronous one: the server that the snippets talk to lives in this process. */
const run = promisify(execFile);
const readme = readFileSync("README.md", "utf8");
const snippets = [...readme.matchAll(/```ts\n(.*?)```/gs)].map(([, code = ""]) => code);
/** Inside the project, where "tscent" is the project itself. */
const folder = ".readme-snippets";

/** The snippets below "The client" use the client that was made there. */
const prelude = `import { createClient as createReadmeClient } from "tscent";
await using cent = createReadmeClient({ url: "http://localhost:8000/api", apiKey: "api_key" });
`;

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
  mkdirSync(folder, { recursive: true });
  const [httpUrl, grpcUrl] = [server.httpUrl, server.grpcUrl];
  snippets.forEach((snippet, index) => {
    const code = snippet
      .replaceAll("http://localhost:8000/api", httpUrl)
      .replaceAll("http://localhost:10000", grpcUrl)
      .replaceAll('"./gen/', '"../gen/');
    const whole = snippet.includes("cent.") && !snippet.includes("createClient(") ? prelude + code : code;
    writeFileSync(
      join(folder, `${index}.ts`),
      `${whole.replaceAll("http://localhost:8000/api", httpUrl)}\nexport {};\n`,
    );
  });
  const config = { extends: "../tsconfig.json", include: ["*.ts"] };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
});

afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await server.close();
});

describe("the README's snippets", () => {
  test("there are some", () => expect(snippets.length).toBeGreaterThan(8));

  test("have the types that they say", async () => {
    await expect(run("tsc", ["-p", folder])).resolves.toBeDefined();
  }, 30_000);

  test.each(snippets.map((code, index) => [index, code.trim().split("\n")[0] ?? ""]))(
    "%i runs: %s",
    async (index) => {
      const program = ["--conditions=tscent-source", join(folder, `${index}.ts`)];
      await expect(run("node", program)).resolves.toMatchObject({ stderr: "" });
    },
  );
});

describe("the README", () => {
  test("lists every method", () => {
    const { methods } = methodTable(CentrifugoApi);
    const rows = [...readme.matchAll(/^\| `(\w+)` \| .* \| (?:OSS|PRO) \|$/gm)].map(([, name]) => name);
    expect(rows.sort()).toEqual(methods.map(({ name }) => name).sort());
  });

  test("names scripts that exist", () => {
    const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as { scripts: object };
    const named = [...readme.matchAll(/npm run ([\w:]+)/g)].map(([, name = ""]) => name);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });
});
