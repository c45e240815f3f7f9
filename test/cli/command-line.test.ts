import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { helpTexts } from "../../gen/centrifugal/centrifugo/api/help_texts.ts";
import { apiMethods, findCommand, ownCommands } from "../../src/cli/commands.ts";
import { connectionOptions } from "../../src/cli/connection-options.ts";
import { methodFields } from "../../src/cli/method-fields.ts";
import { runCommand } from "./run-command.ts";

const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };

const widthOf = (text: string) => Math.max(...text.split("\n").map((line) => line.length));

describe("the command line", () => {
  test.each([[["--help"]], [["-h"]]])("%j lists every command, and the options of all", async (args) => {
    const { code, out, complaint } = await runCommand(args);
    expect([code, complaint]).toEqual([0, ""]);
    const names = [...Object.keys(ownCommands), ...apiMethods().map(({ path }) => path.replaceAll("_", "-"))];
    for (const name of names) expect(out).toMatch(new RegExp(`^  ${name}(?: |$)`, "m"));
    for (const option of Object.keys(connectionOptions)) expect(out).toContain(`\n  --${option} `);
    expect(out).toMatch(/--api-key <key> +the key itself, which anybody .* read in\s+the output of ps/);
    expect(widthOf(out)).toBeLessThanOrEqual(81);
  });

  test.each(Object.keys(ownCommands))("%s --help lists each of its options", async (name) => {
    const { code, out } = await runCommand(["--help", name, "--json"]);
    expect(code).toBe(0);
    const { options } = await findCommand(name);
    for (const option of [...Object.keys(options), "json"]) expect(out).toContain(`--${option} `.trimEnd());
    expect(widthOf(out)).toBeLessThanOrEqual(81);
  });

  test.each(apiMethods())("$name --help has the schema's words on each field", async (method) => {
    const { out } = await runCommand([method.name, "-h"]);
    const { fields = {} } = helpTexts[method.name] ?? {};
    const { all } = methodFields(method);
    expect(Object.keys(fields)).toEqual(all.map(({ name }) => name));
    for (const text of Object.values(fields)) expect(out.replaceAll(/\s+/g, " ")).toContain(text);
    for (const { option } of all) expect(out).toContain(`\n  --${option}`);
    expect(out.startsWith(`Usage: tscent ${method.path.replaceAll("_", "-")} `)).toBe(true);
  });

  test("no field of a method has the name of another option", () => {
    for (const method of apiMethods())
      for (const { option } of methodFields(method).all)
        expect([...Object.keys(connectionOptions), "request", "json", "help"]).not.toContain(option);
  });

  test("--version prints the version", async () => {
    expect(await runCommand(["--version"])).toEqual({ code: 0, out: `${version}\n`, complaint: "" });
  });

  test("an error is a line of text if --json is a word or a value, and no option", async () => {
    const settings = { CENT_URL: "http://x.test/api" };
    for (const args of [
      ["publish", "--", "--json"],
      ["publish", "--channel=--json"],
    ])
      expect((await runCommand(args, settings)).complaint).toBe("tscent: publish: data: is required\n");
    const { code, complaint } = await runCommand(["publish", "--json", "chat"], settings);
    expect([code, JSON.parse(complaint)]).toMatchObject([2, { name: "CentRequestError", field: "data" }]);
  });

  test("--request refuses an input that is too long, not in UTF-8 or no JSON", async () => {
    const publish = async (input: Uint8Array) =>
      (await runCommand(["publish", "--request", "-", "--url=http://x.test/api"], {}, { input })).complaint;
    expect(await publish(Buffer.alloc(16 * 1024 * 1024 + 1, " "))).toBe(
      "tscent: the standard input is more than 16777216 bytes\n",
    );
    expect(await publish(Buffer.from('{"channel":"caf\u00e9"}', "latin1"))).toBe(
      "tscent: the standard input: expected UTF-8\n",
    );
    for (const input of ["", " \n", "{my-secret"])
      expect(await publish(Buffer.from(input))).toBe("tscent: --request: expected JSON\n");
  });

  test.each([
    [[], "expected a command; see tscent --help"],
    [["my-secret"], "unknown command; see tscent --help"],
    [["publis"], "unknown command; did you mean publish?"],
    [["publish", "chat", "1"], "expected --url, or CENT_URL: the address of the API"],
    [["publish", "chat", "my-secret"], `--data: expected JSON, as in '{"text":"hi"}' or '"hi"'`],
    [["publish", "a", "1", "my-secret"], "expected <channel> <data> and options; see tscent publish --help"],
    [["publish", "a", "--channel", "b"], "--channel: expected it once; a word has it, too"],
    [["publish", "--channel=a", "--channel=b"], "--channel: expected it once"],
    [["info", "my-secret"], "expected options alone; see tscent info --help"],
    [["history", "a", "--limit", "ten"], "--limit: expected an integer"],
    [["history", "a", "--since", "{my-secret"], `--since: expected JSON, as in '{"text":"hi"}' or '"hi"'`],
    [["publish", "--skip-histori"], "unknown option --skip-histori; did you mean --skip-history?"],
    [["ping", "--transport", "tcp"], "--transport: expected http or grpc"],
    [["ping", "--timeout-ms", "soon"], "--timeout-ms: expected milliseconds"],
    [["ping", "--api-key=a", "--api-key-file=b"], "--api-key: expected no --api-key-file beside it"],
    [
      ["ping", "--url=x.test/api"],
      "url: expected the address of the HTTP API, as in http://localhost:8000/api; this has no scheme, http:// or https://",
    ],
    [
      ["publish-many", "my-secret", "--url=http://x.test/api"],
      "expected nothing but options after the command; see its --help",
    ],
    [
      ["publish-many", "--in-flight=0", "--url=http://x.test/api"],
      "--in-flight: expected a whole number above 0",
    ],
    [["methods", "--nope"], "unknown option --nope; see tscent --help"],
    [["methods", "-x"], "unknown option -x; see tscent --help"],
    [["methods", "--apikey=my-secret"], "unknown option --apikey; did you mean --api-key?"],
    [["methods", "--toString"], "unknown option --toString; see tscent --help"],
    [["methods", "my-secret"], "expected nothing but options after the command; see its --help"],
    [["methods", "--", "my-secret"], "expected nothing but options after the command; see its --help"],
    [["methods", "--url"], "--url: expected a value, as in --url=…"],
    [["methods", "--url", "--json"], "--url: expected a value, as in --url=…"],
    [["methods", "--json=my-secret"], "--json: expected no value"],
    [["methods", "--api-key", "my-secret"], "--api-key: expected --url, or CENT_URL, beside it"],
    [["methods", "--offline", "--url", "http://x.test/api"], "--offline: expected no --url beside it"],
  ])("%j is refused without repeating an argument that may be a key", async (args, complaint) => {
    expect(await runCommand(args)).toEqual({ code: 2, out: "", complaint: `tscent: ${complaint}\n` });
  });
});
