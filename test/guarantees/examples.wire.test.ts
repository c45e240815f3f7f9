import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { exampleFiles, examplePrograms } from "../harness/example-programs.ts";

const run = promisify(execFile);

test("examples/README.md shows the output of each example", () => {
  expect(examplePrograms.map(({ file }) => file).sort()).toEqual([...exampleFiles].sort());
});

// test/conformance/quick-start.test.ts runs the same examples against a real Centrifugo.
describe.each(examplePrograms)("$file", ({ file, prints }) => {
  test.each(["http", "grpc"])(
    "prints its output with the embedded server, over %s",
    { timeout: 30_000 },
    async (transport) => {
      const program = ["--conditions=tscent-source", "test/harness/run-example.ts", file, transport];
      expect(await run("node", program)).toEqual({ stdout: prints, stderr: "" });
    },
  );
});
