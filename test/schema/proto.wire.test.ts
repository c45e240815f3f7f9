import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DescMessage } from "@bufbuild/protobuf";
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import type { FieldDescriptorProto, FileDescriptorProto } from "@bufbuild/protobuf/wkt";
import { FieldDescriptorProto_Type, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { afterAll, describe, expect, test } from "vitest";
import { CentrifugoApi, file_centrifugal_centrifugo_api_api } from "#api";
import {
  CentrifugoProxy,
  file_centrifugal_centrifugo_proxy_proxy as proxyFile,
} from "../../gen/centrifugal/centrifugo/proxy/proxy_pb.ts";
import { testOwnComments, testRecordedRelease } from "../harness/schema-release.ts";

/** The project's own schemas, with the rules of buf.yaml. */
const ours = ".";
const folder = mkdtempSync(join(tmpdir(), "proto-"));
afterAll(() => rmSync(folder, { recursive: true }));
/** The release's schemas in one image: sets of files that follow one another are one set. */
const release = join(folder, "release.binpb");
const images = ["centrifugo-6.9.1", "centrifugo-6.9.1-proxy"];
writeFileSync(release, Buffer.concat(images.map((name) => readFileSync(`test/fixtures/${name}.binpb`))));
const rules = JSON.stringify({
  version: "v2",
  breaking: { use: ["FILE"], except: ["FILE_SAME_GO_PACKAGE"] },
});

/** The complaints of buf, or "". */
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
  test("the schema has everything that Centrifugo 6.9.1 has, unchanged", () => {
    expect(changesSince(ours, release)).toBe("");
    expect(file_centrifugal_centrifugo_api_api.messages.length).toBeGreaterThanOrEqual(163);
    expect(CentrifugoApi.methods.length).toBeGreaterThanOrEqual(40);
  });

  testRecordedRelease("the schema has nothing that Centrifugo 6.9.1 lacks", () => {
    expect(changesSince(release, ours)).toBe("");
    expect(file_centrifugal_centrifugo_api_api.messages).toHaveLength(163);
    expect(CentrifugoApi.methods).toHaveLength(40);
    expect(proxyFile.messages).toHaveLength(47);
    expect(CentrifugoProxy.methods).toHaveLength(13);
  });

  test("the schema passes buf lint", () => {
    expect(complaints("lint")).toBe("");
  });

  describe("changes", () => {
    const changed = join(folder, "changed.binpb");

    function writeChanged(change: (api: FileDescriptorProto, proxy: FileDescriptorProto) => void): void {
      const files = fromBinary(FileDescriptorSetSchema, readFileSync(release));
      const [api, proxy] = files.file;
      if (api === undefined || proxy === undefined) throw new Error(`${release} lacks a file`);
      change(api, proxy);
      writeFileSync(changed, toBinary(FileDescriptorSetSchema, files));
    }

    const changes: [string, (fields: FieldDescriptorProto[]) => void][] = [
      [
        "a retyped field",
        ([offset]) => Object.assign(offset ?? {}, { type: FieldDescriptorProto_Type.INT64 }),
      ],
      ["a renumbered field", ([, epoch]) => Object.assign(epoch ?? {}, { number: 12 })],
      ["a renamed field", ([, epoch]) => Object.assign(epoch ?? {}, { name: "era", jsonName: "era" })],
      ["a removed field", (fields) => fields.pop()],
    ];
    test.each(changes)("the comparison finds %s", (_change, change) => {
      writeChanged(({ messageType }) =>
        change(messageType.find(({ name }) => name === "PublishResult")?.field ?? []),
      );
      expect(changesSince(changed, release)).toContain("PublishResult");
    });

    test("the comparison finds a change of the proxy, too", () => {
      writeChanged((_api, proxy) => proxy.messageType.find(({ name }) => name === "Disconnect")?.field.pop());
      expect(changesSince(changed, release)).toContain("Disconnect");
    });

    test("the comparison finds a removed method", () => {
      writeChanged(({ service: [api] }) => api?.method.pop());
      expect(changesSince(changed, release)).toContain("deleted");
    });

    test("the comparison finds an added field if the arguments are swapped", () => {
      writeChanged(({ messageType }) => {
        const fields = messageType.find(({ name }) => name === "PublishResult")?.field ?? [];
        fields.push({ ...(fields[1] as FieldDescriptorProto), name: "era", jsonName: "era", number: 12 });
      });
      expect(changesSince(changed, release)).toBe("");
      expect(changesSince(release, changed)).toContain("PublishResult");
    });
  });
});

describe.each([
  ["api", CentrifugoApi, file_centrifugal_centrifugo_api_api.messages],
  ["proxy", CentrifugoProxy, proxyFile.messages],
] as const)("comments in the generated code of %s", (name, service, messages) => {
  const generated = readFileSync(`gen/centrifugal/centrifugo/${name}/${name}_pb.ts`, "utf8");

  /** The schema's comment above an element, without the generator's lines. `message` is the message of a field. */
  function commentAbove(element: string, message?: DescMessage): string {
    const start = message && generated.indexOf(` * @generated from message ${message.typeName}\n`);
    const marker = new RegExp(` \\* @generated from ${element}(?: \\[.*\\])?;?\\n`, "g");
    marker.lastIndex = Math.max(0, start ?? 0);
    const end = marker.exec(generated)?.index ?? 0;
    const comment = generated.slice(generated.lastIndexOf("/**", end) + 3, end);
    return comment.replaceAll(/^\s*\*/gm, "").trim();
  }

  function fieldsWithout(text: RegExp, messages: readonly DescMessage[]): string[] {
    return messages
      .flatMap(({ fields }) => fields)
      .filter(({ name, number, parent }) => !text.test(commentAbove(`field: .* ${name} = ${number}`, parent)))
      .map(({ parent, name }) => `${parent.name}.${name}`);
  }

  const isFullStop = /\.$/;

  testOwnComments("every RPC has a comment", () => {
    const bare = service.methods
      .map(({ name, parent }) => `rpc ${parent.typeName}.${name}`)
      .filter((element) => !isFullStop.test(commentAbove(element)));
    expect(bare).toEqual([]);
  });

  testOwnComments("every field of Command has a comment", () => {
    const command = messages.filter(({ name }) => name === "Command");
    expect(command).toHaveLength(name === "api" ? 1 : 0);
    expect(fieldsWithout(isFullStop, command)).toEqual([]);
  });

  testOwnComments("every field of a request and a result has a comment", () => {
    const both = messages.filter(({ name }) => /(?:Request|Result)$/.test(name));
    expect(both.length).toBeGreaterThan(name === "api" ? 70 : 20);
    expect(fieldsWithout(/\w/, both)).toEqual([]);
  });

  test("fieldsWithout finds a field without a comment", () => {
    const response = messages.filter(({ name }) => name === "PublishResponse");
    expect(fieldsWithout(/\w/, response)).toEqual(
      expect.arrayContaining(["PublishResponse.error", "PublishResponse.result"]),
    );
  });
});
