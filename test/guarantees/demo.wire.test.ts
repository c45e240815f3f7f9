import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const run = promisify(execFile);

const round = `{
             connected: 'ann',
             subscribed: 'welcome, ann',
             refused: '403: no such room',
             received: { text: 'hello' },
             answered: { user: 'ann', renamed: { to: 'garden' } }
           }`;

test("the demo ends with a round of token, proxy and publish, the same over both transports", async () => {
  const { stdout, stderr } = await run("node", ["--conditions=tscent-source", "examples/demo.ts"]);
  expect(stderr).toBe("");
  const title = "one round: a token, a subscription, a publish, a call of the client";
  const end = "17 steps, the same over both transports.";
  expect(stdout).toContain(`\n${title}\n  http     ${round}\n  grpc     ${round}\n\n${end}\n`);
});
