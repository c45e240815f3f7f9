import { join } from "node:path";
import type { FileDescriptorProto } from "@bufbuild/protobuf/wkt";
import { describe, expect, test } from "vitest";
import { folder, image, newer, written } from "./descriptor-image.ts";
import { runCommand } from "./run-command.ts";

describe("methods --descriptor", () => {
  test("--descriptor lists the methods of a schema, and how they differ from the client's", async () => {
    const file = image(newer);
    const { code, out, complaint } = await runCommand(["methods", "--descriptor", file]);
    expect([code, complaint]).toEqual([0, ""]);
    expect(out).toMatch(/^httpStats +HTTPStats +http_stats +no$/m);
    expect(out).toMatch(/^presenceStats +PresenceStats +presence_stats +yes$/m);
    expect(out).not.toMatch(/^cancelPush /m);
    const [own] = /tscent \d+\.\d+\.\d+\S*/.exec(out) ?? [];
    const lines = [
      `${file} has 1 method that ${own} lacks: httpStats`,
      `${own} has 1 method that ${file} lacks: cancelPush`,
    ];
    expect(out).toContain(`\n\n${lines.join("\n")}\n`);
  });

  test("--descriptor says that there is no difference", async () => {
    const file = image();
    const { out } = await runCommand(["methods", "--descriptor", file]);
    expect(out).toMatch(/\n\n\S+ has the same methods as tscent \S+\.\n$/);
    expect(out.startsWith((await runCommand(["methods"])).out)).toBe(true);
  });

  test("--descriptor takes the API from a package of another name", async () => {
    const file = image((schema) => rename(schema, "acme.push.v1"));
    const { code, out } = await runCommand(["methods", "--descriptor", file, "--json"]);
    expect(code).toBe(0);
    expect(JSON.parse(out).descriptor).toMatchObject({ service: "acme.push.v1.CentrifugoApi", added: [] });
  });

  test.each([
    ["a missing file", () => join(folder, "none"), /^tscent: \S+none: cannot be read \(ENOENT: /],
    ["a folder", () => folder, /^tscent: \S+ is a folder, not a file\n$/],
    [
      "a text file",
      () => written("syntax = 'proto3';"),
      /expected a descriptor image, as `buf build -o .*` makes it \(/,
    ],
    [
      "an empty file",
      () => written(""),
      /expected the service centrifugal\.centrifugo\.api\.CentrifugoApi; it has none/,
    ],
    [
      "another API",
      () => image(({ service: [service] }) => service?.method.splice(0, 1)),
      /: centrifugal\.centrifugo\.api\.CentrifugoApi is not Centrifugo's API: it has no RPC Batch/,
    ],
    [
      "a schema without a service",
      () => image((schema) => schema.service.splice(0)),
      /expected the service .*; it has none/,
    ],
  ])("--descriptor refuses %s", async (_, file, complaint) => {
    const outcome = await runCommand(["methods", "--descriptor", file()]);
    expect(outcome).toMatchObject({ code: 2, out: "" });
    expect(outcome.complaint).toMatch(complaint);
    expect(outcome.complaint).toMatch(/^tscent: [^\n]+\n$/);
  });
});

/** Moves a schema to another package, with all its type names. */
function rename(schema: FileDescriptorProto, to: string): void {
  const renamed = (name: string) => name.replace(`.${schema.package}.`, `.${to}.`);
  const messages = [...schema.messageType];
  for (const message of messages) {
    messages.push(...message.nestedType);
    for (const field of message.field) field.typeName = renamed(field.typeName);
  }
  for (const { method } of schema.service) {
    for (const rpc of method) {
      rpc.inputType = renamed(rpc.inputType);
      rpc.outputType = renamed(rpc.outputType);
    }
  }
  schema.package = to;
}
