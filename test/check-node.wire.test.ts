import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const run = promisify(execFile);
const entries = ["src/index.ts", "src/testing/index.ts", "src/cli/main.ts"];

/** The output of a program that imports an entry on a runtime with other `process.versions`. */
async function importOn(
  entry: string,
  versions: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  const pretend = `Object.defineProperty(process, "versions", { value: ${JSON.stringify(versions)} });`;
  const code = `${pretend} import("./${entry}").then(() => console.log("imported"), ({ message }) => console.log(message));`;
  const args = ["--conditions=tscent-source", "--input-type=module", "--eval", code];
  return (await run("node", args)).stdout.split("\n")[0] ?? "";
}

test.each(entries)("%s imports the check of Node.js before anything else", (entry) => {
  const [first] = readFileSync(entry, "utf8").match(/^(?:import|export)(?! type)\b.*$/m) ?? [];
  expect(first).toMatch(/^import "\.\.?\/check-node\.ts";$/);
});

test.each([
  [entries[0], "20.20.2"],
  [entries[1], "18.20.8"],
  [entries[0], "22.18.0"],
])(
  "%s on Node.js %s says which version it needs",
  async (entry = "", node) => {
    const expected = `tscent needs Node.js 22.19 or newer; this is Node.js ${node}`;
    expect(await importOn(entry, { node, uv: "1.46.0" })).toBe(expected);
  },
  30_000,
);

test.each([
  ["Node.js 22.19", { node: "22.19.0", uv: "1" }],
  ["Node.js 26", { node: "26.0.0", uv: "1" }],
  ["Bun", { node: "22.6.0", uv: "1", bun: "1.2.0" }],
  ["Deno", { node: "20.11.1", uv: "1", deno: "2.0.0" }],
  ["workerd", { node: "22.14.0" }],
  ["workerd with nodejs_compat", { node: "22.14.0", uv: "" }],
])("the check of Node.js passes on %s", async (_runtime, versions) => {
  expect(await importOn("src/check-node.ts", versions)).toBe("imported");
});

test("the check of Node.js does not need a process", async () => {
  const code = 'delete globalThis.process; await import("./src/check-node.ts");';
  await expect(run("node", ["--input-type=module", "--eval", code])).resolves.toBeDefined();
});

test("the check of Node.js agrees with package.json, which keeps bundlers from dropping it", () => {
  const { engines, sideEffects } = JSON.parse(readFileSync("package.json", "utf8")) as {
    engines: { node: string };
    sideEffects: string[];
  };
  expect(engines.node).toBe(">=22.19");
  expect(sideEffects.join()).toContain("check-node");
});
