import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";

/** A runtime such as Next.js's edge runtime: it has functions of Node.js, but each throws. */
const program = `
const { process, setImmediate } = globalThis;
const refuse = () => { throw new Error("a Node.js API is used"); };
globalThis.process = { env: {}, nextTick: refuse, getBuiltinModule: refuse };
globalThis.setImmediate = refuse;
const { createClient } = await import("./src/index.ts");
const fetch = async () => Response.json({ result: { offset: 1, epoch: "e" } });
const cent = createClient({ url: "http://localhost:8000/api", batching: true, http: { fetch } });
const { offset } = await cent.publish({ channel: "chat", data: 1 });
const { succeeded } = await cent.publishMany([{ channel: "chat", data: 1 }]);
Object.assign(globalThis, { process, setImmediate });
console.log(offset, succeeded);
`;

test("a client with batching and publishMany works in a runtime whose functions of Node.js throw", async () => {
  const args = ["--conditions=tscent-source", "--input-type=module", "--eval", program];
  const { stdout } = await promisify(execFile)("node", args);
  expect(stdout).toBe("1 1\n");
});
