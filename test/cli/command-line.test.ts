import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { runCommand } from "./run-command.ts";

const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };

describe("the command line", () => {
  test.each([[["--help"]], [["-h"]], [["methods", "--help"]], [["--help", "methods", "--json"]]])(
    "%j lists every option",
    async (args) => {
      const { code, out, complaint } = await runCommand(args);
      expect([code, complaint]).toEqual([0, ""]);
      for (const option of ["url", "api-key", "offline", "descriptor", "json", "help", "version"])
        expect(out).toContain(`  --${option} `.replace("  --help", "-h, --help"));
      expect(Math.max(...out.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
    },
  );

  test("--version prints the version", async () => {
    expect(await runCommand(["--version"])).toEqual({ code: 0, out: `${version}\n`, complaint: "" });
  });

  test.each([
    [[], "expected a command; the only command is methods"],
    [["publish"], "unknown command; the only command is methods"],
    [["methods", "--nope"], "unknown option --nope; see tscent --help"],
    [["methods", "-x"], "unknown option -x; see tscent --help"],
    [["methods", "--apikey=my-secret"], "unknown option --apikey; see tscent --help"],
    [["methods", "--toString"], "unknown option --toString; see tscent --help"],
    [["methods", "my-secret"], "expected nothing but options after the command; see tscent --help"],
    [["methods", "--", "my-secret"], "expected nothing but options after the command; see tscent --help"],
    [["methods", "--url"], "--url: expected a value, as in --url=…"],
    [["methods", "--url", "--json"], "--url: expected a value, as in --url=…"],
    [["methods", "--json=my-secret"], "--json: expected no value"],
    [["methods", "--api-key", "my-secret"], "--api-key: expected --url, or CENT_URL, beside it"],
    [["methods", "--offline", "--url", "http://x.test/api"], "--offline: expected no --url beside it"],
  ])("%j is refused without repeating an argument that may be a key", async (args, complaint) => {
    expect(await runCommand(args)).toEqual({ code: 2, out: "", complaint: `tscent: ${complaint}\n` });
  });
});
