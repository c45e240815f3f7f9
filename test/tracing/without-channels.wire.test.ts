import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const program = (spoil: string) => `
${spoil}
const { createClient } = await import("tscent");
const { instrumentTscent } = await import("tscent/otel");
const { createTestClient } = await import("tscent/testing");
const stop = instrumentTscent();
const { client } = createTestClient();
const { offset } = await client.publish({ channel: "chat", data: 1 });
stop();
console.log(typeof createClient, typeof offset);
`;

test.each([
  ["no getBuiltinModule", "delete process.getBuiltinModule; process.getBuiltinModule = undefined;"],
  ["no such module", "process.getBuiltinModule = () => undefined;"],
  [
    "no tracing channels in it",
    "process.getBuiltinModule = () => ({ AsyncLocalStorage: { snapshot: () => (run) => run() } });",
  ],
])("a call works in a runtime with %s", async (_name, spoil) => {
  const args = ["--conditions=tscent-source", "--input-type=module", "-e", program(spoil)];
  const { stdout } = await promisify(execFile)("node", args);
  expect(stdout).toBe("function number\n");
});
