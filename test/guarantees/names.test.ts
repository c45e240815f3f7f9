import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { CentrifugoProxy } from "../../gen/centrifugal/centrifugo/proxy/proxy_pb.ts";
import { eventTable } from "../../src/schema/event-table.ts";
import { methodTable } from "../../src/schema/method-table.ts";
import { recordedService } from "../harness/schema-release.ts";

/** Names that the sources use for something else: the RPC itself, a field, a number of connections. */
const ordinaryWords = ["rpc", "info", "channels", "connections"];
/** The one method without a field in Command. */
const batch = ["batch", "Batch", "RPC"];

test("only the listed source files name a method", () => {
  // The recorded release's methods only: a newer method may be named like anything in the sources.
  const { methods } = methodTable(recordedService);
  const names = new Set(methods.flatMap(({ name, path, rpc }) => [name, path, rpc.name]));
  for (const word of [...ordinaryWords, ...batch]) names.delete(word);

  const folder = fileURLToPath(new URL("../../src", import.meta.url));
  const files = globSync("**/*.ts", { cwd: folder }).filter((file) => !/^(?:testing|proxy)/.test(file));
  const found = files.flatMap((file) => {
    const code = readFileSync(`${folder}/${file}`, "utf8")
      .replace(/\/\*[\s\S]*?\*\//g, "")
      .replace(/ from ".*"/g, "")
      .replace(/^\s*\/\/.*$/gm, "");
    const words = new Set([...code.matchAll(/\w+/g)].map(([word]) => word).filter((word) => names.has(word)));
    return words.size === 0 ? [] : [[file, [...words].sort()]];
  });
  expect(Object.fromEntries(found)).toEqual({
    // Fields that the server requires. A method that is not listed has optional fields only.
    "schema/required-fields.ts": expect.arrayContaining(["publish", "sharedPollPublish"]),
    // A field of the proxy's responses.
    "schema/event-table.ts": ["disconnect"],
    "tracing/proxy-trace.ts": ["disconnect"],
    "tracing/traced.ts": ["disconnect"],
    // Functions of Node.js's channels.
    "tracing/channels.ts": ["subscribe", "unsubscribe"],
    // A property of protobuf's fields.
    "schema/messages.ts": ["presence"],
    // Methods that are safe to repeat. The schema does not say which.
    "schema/reads.ts": expect.arrayContaining(["history", "presence"]),
    // An option of subscriptions that tokens override.
    "options/check-token-claims.ts": ["presence"],
    // Hints for errors, where methods differ. A method that is not listed gets the general hint.
    "errors/hints.ts": expect.arrayContaining(["history", "presence"]),
    // Methods that consumers execute. The schema does not say which.
    "schema/consumer-methods.ts": [
      "broadcast",
      "disconnect",
      "historyRemove",
      "history_remove",
      "publish",
      "refresh",
      "subscribe",
      "unsubscribe",
    ],
    // A broadcast has many channels, and no order. Publication mode has the fields of two methods.
    "outbox/checked-command.ts": ["broadcast"],
    "outbox/queues/message-parts.ts": ["broadcast"],
    "outbox/table/outbox-insert.ts": ["broadcast"],
    "outbox/queues/publication-parts.ts": ["broadcast", "publish"],
    // Words of help pages, errors and other commands.
    "cli/commands.ts": ["publish"],
    "cli/help.ts": ["publish"],
    "cli/publish-many.ts": ["publish"],
    "cli/proxy-config.ts": ["refresh", "subscribe"],
    // Functions of Centrifugo's PostgreSQL broker have two of the API's names.
    "outbox/broker/broker-functions.ts": ["map_publish", "map_remove"],
    "outbox/broker/make-query.ts": ["map_publish"],
    "outbox/broker/broker-requests.ts": ["map_publish", "map_remove"],
    // `publishMany` and `broadcastMany` each send requests of one method.
    "client/many-methods.ts": ["broadcast", "publish"],
    "many-calls/runs/publish-many.ts": ["publish"],
    "many-calls/runs/broadcast-many.ts": ["broadcast"],
    // Their results have the caller's data, whose type is an argument of `paginate`.
    "client/paging/paginate.ts": ["history", "mapReadState", "mapReadStream"],
    // Methods whose data is defined for each channel.
    "client/channel-client.ts": ["broadcast", "history", "publish"],
    "codec/channel-checks.ts": ["broadcast", "history", "publish"],
    // A broadcast has a response for each channel. The schema does not say so.
    "call/walker.ts": ["broadcast"],
  });
});

test("only the listed files of src/proxy name an event", () => {
  const names = new Set(eventTable(CentrifugoProxy).flatMap(({ name, path, rpc }) => [name, path, rpc.name]));
  const found = globSync("*.ts", { cwd: "src/proxy" }).flatMap((file) => {
    const code = readFileSync(`src/proxy/${file}`, "utf8").replace(/\/\*[\s\S]*?\*\//g, "");
    const texts = [...code.matchAll(/["'](\w+)["']|^ {2}(\w+): \{/gm)].map(
      ([, quoted, key]) => quoted ?? key ?? "",
    );
    const words = new Set(texts.filter((text) => names.has(text)));
    return words.size === 0 ? [] : [[file, words.size]];
  });
  expect(Object.fromEntries(found)).toEqual({
    // The settings that turn events on. The schema does not say them.
    "namespace-settings.ts": expect.any(Number),
    // The places of the events in Centrifugo's configuration.
    "proxy-config.ts": 3,
    // The events whose data is defined for each channel or method.
    "create-proxy.ts": 2,
    // The subject of an answer: `connect` has a result of its own.
    "write-response.ts": 1,
  });
});
