import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";

/** A runtime such as Next.js's edge runtime: its process has functions, but each throws. */
const program = `
const { process } = globalThis;
const refuse = () => { throw new Error("a Node.js API is used"); };
globalThis.process = { env: {}, nextTick: refuse, getBuiltinModule: refuse };
const { createClient } = await import("./src/index.ts");
const fetch = async () => Response.json({ result: { offset: 1, epoch: "e" } });
const cent = createClient({ url: "http://localhost:8000/api", batching: true, http: { fetch } });
const { offset } = await cent.publish({ channel: "chat", data: 1 });
globalThis.process = process;
console.log(offset);
`;

test("a client with batching publishes in a runtime whose process has functions that throw", async () => {
  const args = ["--conditions=tscent-source", "--input-type=module", "--eval", program];
  const { stdout } = await promisify(execFile)("node", args);
  expect(stdout).toBe("1\n");
});
