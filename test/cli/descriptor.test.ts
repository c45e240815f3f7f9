import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { clone, create, toBinary } from "@bufbuild/protobuf";
import type { FileDescriptorProto } from "@bufbuild/protobuf/wkt";
import { FileDescriptorProtoSchema, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { afterAll, describe, expect, test } from "vitest";
import { CentrifugoApi } from "#api";
import { startTestServer } from "../../src/testing/index.ts";
import { runCommand } from "./run-command.ts";

const folder = mkdtempSync(join(tmpdir(), "descriptor-"));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;

/** Writes our schema, after a change, as `buf build -o` does. */
function image(change: (schema: FileDescriptorProto) => void = () => {}): string {
  const schema = clone(FileDescriptorProtoSchema, CentrifugoApi.file.proto);
  change(schema);
  return written(toBinary(FileDescriptorSetSchema, create(FileDescriptorSetSchema, { file: [schema] })));
}

function written(content: Uint8Array | string): string {
  const file = join(folder, `${files++}.binpb`);
  writeFileSync(file, content);
  return file;
}

/** Adds a method that no batch can carry, and removes another one. */
function newer(schema: FileDescriptorProto): void {
  const [service] = schema.service;
  const history = service?.method.find(({ name }) => name === "History");
  if (service === undefined || history === undefined) throw new Error("our schema has no History");
  service.method = service.method.filter(({ name }) => name !== "CancelPush");
  service.method.push({ ...history, name: "HTTPStats" });
}

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

  test("--descriptor --json lists the differences, and the methods that a server lacks", async () => {
    await using server = await startTestServer();
    const file = image(newer);
    const address = ["--url", server.httpUrl, "--api-key", server.apiKey];
    const { out } = await runCommand(["methods", "--descriptor", file, "--json", ...address]);
    const report = JSON.parse(out);
    const service = CentrifugoApi.typeName;
    expect(report.descriptor).toEqual({ file, service, added: ["httpStats"], missing: ["cancelPush"] });
    const names = new Map(report.methods.map((method: { name: string }) => [method.name, method]));
    expect(names.get("httpStats")).toEqual({
      name: "httpStats",
      rpc: "HTTPStats",
      path: "http_stats",
      batch: false,
      server: false,
    });
    expect(names.get("info")).toMatchObject({ batch: true, server: true });
    expect(names.has("cancelPush")).toBe(false);
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
    ["a missing file", () => join(folder, "none"), /none: cannot be read \(ENOENT/],
    ["a folder", () => folder, /: \S+ is a folder, not a file\n$/],
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
