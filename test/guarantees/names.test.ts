import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { methodTable } from "../../src/schema/method-table.ts";
import { recordedService } from "../harness/schema-release.ts";

/** Names that the sources use for something else: the RPC itself, a field, a number of connections. */
const ordinaryWords = ["rpc", "info", "channels", "connections"];
/** The one method without a field in Command. */
const batch = ["batch", "Batch", "RPC"];

test("no source knows a method by name, except where a person benefits", () => {
  // A method that came later may have the name of anything; the sources have not been written for it.
  const { methods } = methodTable(recordedService);
  const names = new Set(methods.flatMap(({ name, path, rpc }) => [name, path, rpc.name]));
  for (const word of [...ordinaryWords, ...batch]) names.delete(word);

  const folder = fileURLToPath(new URL("../../src", import.meta.url));
  const files = globSync("**/*.ts", { cwd: folder }).filter((file) => !file.startsWith("testing"));
  const found = files.flatMap((file) => {
    const code = readFileSync(`${folder}/${file}`, "utf8")
      .replace(/\/\*[\s\S]*?\*\//g, "")
      .replace(/ from ".*"/g, "")
      .replace(/^\s*\/\/.*$/gm, "");
    const words = new Set([...code.matchAll(/\w+/g)].map(([word]) => word).filter((word) => names.has(word)));
    return words.size === 0 ? [] : [[file, [...words].sort()]];
  });
  expect(Object.fromEntries(found)).toEqual({
    // What the server refuses to go without; a method that is not in it has all fields optional.
    "schema/required-fields.ts": expect.arrayContaining(["publish", "sharedPollPublish"]),
    // What may be asked twice without harm, which the schema does not say.
    "schema/reads.ts": expect.arrayContaining(["history", "presence"]),
    // What consumers execute, which the schema does not say.
    "client/consumer-command.ts": [
      "broadcast",
      "disconnect",
      "historyRemove",
      "history_remove",
      "publish",
      "refresh",
      "subscribe",
      "unsubscribe",
    ],
    // Any number of publications or channels, in requests of the one or the other method.
    "client/many-methods.ts": ["broadcast", "publish"],
    "many-calls/runs/publish-many.ts": ["publish"],
    "many-calls/runs/broadcast-many.ts": ["broadcast"],
    // A response for each channel, which the schema does not say.
    "call/walker.ts": ["broadcast"],
  });
});
