import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestServer } from "../../src/testing/index.ts";
import { installPackage } from "./install-package.ts";
import { runCommand } from "./run-command.ts";

test("--api-key takes a key that begins with a dash", async () => {
  await using server = await startTestServer({ config: { http_api: { key: "-dash" } } });
  const { code } = await runCommand(["methods", "--url", server.httpUrl, "--api-key=-dash"]);
  expect(code).toBe(0);
});

const execute = promisify(execFile);

describe("tscent as a program", () => {
  const folder = mkdtempSync(join(tmpdir(), "cli-"));
  const built = join(folder, "node_modules/tscent/dist/cli.js");
  /** An environment without the CENT_ variables of the machine. */
  const env = { PATH: process.env.PATH };

  beforeAll(() => installPackage(folder), 30_000);

  afterAll(() => rmSync(folder, { recursive: true }));

  test.each([
    ["in its sources", ["--conditions=tscent-source", resolve("src/cli/main.ts")]],
    ["in the package", [built]],
  ])("the program %s writes the table, and the methods that the server lacks", async (_, program) => {
    await using server = await startTestServer();
    const environment = { ...env, CENT_URL: server.httpUrl, CENT_API_KEY: server.apiKey };
    const { stdout, stderr } = await execute("node", [...program, "methods"], {
      env: environment,
      cwd: folder,
    });
    expect(stderr).toBe("");
    expect(stdout).toMatch(/^METHOD +RPC +PATH +BATCH +SERVER +PRO\n/);
    expect(stdout).toMatch(/^presenceStats +PresenceStats +presence_stats +yes +yes$/m);
    expect(stdout).toMatch(/^getUserStatus +GetUserStatus +get_user_status +yes +no +PRO$/m);
    expect(stdout).toMatch(/\n\nhttp:\S+\/api lacks \d+ of \d+ methods: (?:\w+, )*getUserStatus, /);
  });

  test("the packed program makes calls, a token and a proxy's configuration, and has help", async () => {
    await using server = await startTestServer();
    const settings = {
      env: {
        ...env,
        CENT_URL: server.httpUrl,
        CENT_API_KEY: server.apiKey,
        CENT_TOKEN_SECRET: "s".repeat(32),
      },
      cwd: folder,
    };
    const outputOf = async (...args: string[]) => (await execute("node", [built, ...args], settings)).stdout;
    expect(JSON.parse(await outputOf("publish", "chat", "1"))).toHaveProperty("offset");
    expect(await outputOf("token", "--user", "42")).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    const proxy = ["--url", "http://app", "--event", "connect", "--no-secret", "--json"];
    expect(JSON.parse(await outputOf("proxy-config", ...proxy))).toHaveProperty("client.proxy.connect");
    expect(await outputOf("publish", "--help")).toContain("--skip-history ");
    expect(server.calls.map(({ method }) => method)).toEqual(["publish"]);
  });

  test("the program complains on the error output, with exit code 2", async () => {
    const wrong = execute("node", [built, "methods", "--nope"], { env, cwd: folder });
    const stderr = "tscent: unknown option --nope; see tscent --help\n";
    await expect(wrong).rejects.toMatchObject({ code: 2, stdout: "", stderr });
  });

  test("package.json names the program, whose first line names node", () => {
    const { bin } = JSON.parse(readFileSync("package.json", "utf8")) as { bin: Record<string, string> };
    expect(bin).toEqual({ tscent: "./dist/cli.js" });
    expect(readFileSync(built, "utf8")).toMatch(/^#!\/usr\/bin\/env node\n/);
  });
});
