import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  CentrifugoApi,
  file_centrifugal_centrifugo_api_api,
} from "../gen/centrifugal/centrifugo/api/api_pb.ts";

/** The project's own schema, with the rules of buf.yaml. */
const ours = ".";
const release = "test/fixtures/centrifugo-6.9.1.binpb";
const rules = JSON.stringify({
  version: "v2",
  breaking: { use: ["FILE"], except: ["FILE_SAME_GO_PACKAGE"] },
});

/** What buf has to complain about; "" where it is content. */
function complaints(...call: string[]): string {
  try {
    execFileSync("buf", call, { encoding: "utf8", stdio: "pipe" });
    return "";
  } catch (error) {
    return (error as { stdout: string; stderr: string }).stdout + (error as { stderr: string }).stderr;
  }
}

function changesSince(current: string, earlier: string): string {
  const configuration = current === ours ? [] : ["--config", rules];
  return complaints("breaking", current, "--against", earlier, ...configuration);
}

describe("the schema", () => {
  test("has everything that Centrifugo 6.9.1 has, and nothing else", () => {
    expect(changesSince(ours, release)).toBe("");
    expect(changesSince(release, ours)).toBe("");
    expect(file_centrifugal_centrifugo_api_api.messages).toHaveLength(163);
    expect(CentrifugoApi.methods).toHaveLength(40);
  });

  test("passes buf lint", () => {
    expect(complaints("lint")).toBe("");
  });

  describe("is compared in a way that sees a change", () => {
    const folder = mkdtempSync(join(tmpdir(), "proto-"));
    const source = readFileSync("proto/centrifugal/centrifugo/api/api.proto", "utf8");
    const file = join(folder, "centrifugal/centrifugo/api/api.proto");
    beforeAll(() => execFileSync("mkdir", ["-p", join(folder, "centrifugal/centrifugo/api")]));
    afterAll(() => rmSync(folder, { recursive: true }));

    test.each([
      ["a retyped field", "uint64 offset = 1;", "int64 offset = 1;"],
      ["a renumbered field", "string epoch = 2;", "string epoch = 12;"],
      ["a field less", "  string version_epoch = 9;\n", ""],
      ["a method less", "  rpc MapClear(MapClearRequest) returns (MapClearResponse) {}\n", ""],
    ])("%s", (_change, before, after) => {
      expect(source).toContain(before);
      writeFileSync(file, source.replace(before, after));
      expect(changesSince(folder, release) + changesSince(release, folder)).not.toBe("");
    });
  });
});

describe("the comments of the schema arrive in the generated code", () => {
  const generated = readFileSync("gen/centrifugal/centrifugo/api/api_pb.ts", "utf8");

  /** The comment above an element, without what the generator adds to it. */
  function commentAbove(marker: string): string {
    const end = generated.indexOf(` * @generated from ${marker}\n`);
    if (end === -1) return "";
    const comment = generated.slice(generated.lastIndexOf("/**", end) + 3, end);
    return comment.replaceAll(/^\s*\*/gm, "").trim();
  }

  test.each(CentrifugoApi.methods.map(({ name }) => name))("rpc %s", (name) => {
    expect(commentAbove(`rpc centrifugal.centrifugo.api.CentrifugoApi.${name}`)).toMatch(/\.$/);
  });

  const command = file_centrifugal_centrifugo_api_api.messages.find(({ name }) => name === "Command");
  test.each(command?.fields ?? [])("Command.$name", (field) => {
    const marker = `field: ${field.message?.typeName} ${field.name} = ${field.number};`;
    expect(commentAbove(marker)).toMatch(/\.$/);
  });

  test("every field of a request and a result has one", () => {
    const bare = file_centrifugal_centrifugo_api_api.messages
      .filter(({ name }) => /(?:Request|Result)$/.test(name))
      .flatMap(({ fields }) => fields)
      .filter((field) => {
        const at = generated.indexOf(` ${field.name} = ${field.number};\n`);
        const start = generated.lastIndexOf("/**", at);
        return at === -1 || !/\w/.test(generated.slice(start, generated.indexOf("@generated", start)));
      });
    expect(bare.map((field) => `${field.parent.name}.${field.name}`)).toEqual([]);
  });
});
