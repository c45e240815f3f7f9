import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CentrifugoApi } from "#api";
import type { LanguageServer } from "../harness/language-server.ts";
import { startLanguageServer } from "../harness/language-server.ts";
import { testOwnComments } from "../harness/schema-release.ts";

const root = new URL("../../", import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), "utf8");

/** The first line of the comment on each of a message's fields, by the field's name in TypeScript. */
function fieldComments(message: string): [name: string, comment: string][] {
  const proto = read("proto/centrifugal/centrifugo/api/api.proto");
  const [, body = ""] = new RegExp(`^message ${message} \\{\\n([\\s\\S]*?)^\\}`, "m").exec(proto) ?? [];
  return [...body.matchAll(/^ {2}\/\/ (.*)\n(?: {2}\/\/.*\n)* {2}[^/\n].* (\w+) = \d+;/gm)].map(
    ([, comment = "", name = ""]) => [
      name.replaceAll(/_(.)/g, (_, letter: string) => letter.toUpperCase()),
      comment,
    ],
  );
}

describe("hover", () => {
  // TypeScript 7.0 shows the comments of mapped types only on destructured names (microsoft/typescript-go#3659).
  // Earlier versions show them on `cent.publish`, too.
  const commands = fieldComments("Command");
  const requestFields = fieldComments("PublishRequest").filter(([name]) => !name.startsWith("b64"));
  const resultFields = fieldComments("PublishResult");
  const destructure = (fields: [string, string][], value: string) =>
    `const { ${fields.map(([name]) => name).join(", ")} } = ${value};`;
  const lines = [
    'import type { CentClient, CentRequest } from "../../src/index.ts";',
    "declare const cent: CentClient;",
    'declare const request: CentRequest<"publish">;',
    destructure(commands, "cent"),
    destructure(requestFields, "request"),
    destructure(resultFields, "await cent.publish(request)"),
  ];
  const file = new URL("test/guarantees/hovered.ts", root).href;
  let server: LanguageServer;

  beforeAll(async () => {
    server = await startLanguageServer(fileURLToPath(root));
    server.open(file, lines.join("\n"));
  }, 60_000);
  afterAll(() => server[Symbol.asyncDispose]());

  testOwnComments("the schema has comments to show", () => {
    expect(commands.length).toBeGreaterThanOrEqual(39);
    expect(requestFields.length).toBeGreaterThanOrEqual(8);
    expect(resultFields.length).toBeGreaterThanOrEqual(2);
  });

  test.each([
    ["methods", 3, commands],
    ["request fields", 4, requestFields],
    ["result fields", 5, resultFields],
  ] as const)("an editor shows the schema's comments on %s", async (_what, line, fields) => {
    for (const [name, comment] of fields) {
      const character = lines[line]?.search(new RegExp(`\\b${name}\\b`)) ?? -1;
      expect(await server.hover(file, line, character), name).toContain(comment);
    }
  });
});

testOwnComments("the generated code has a comment for every RPC", () => {
  const [, service = ""] =
    /export const CentrifugoApi: GenService<\{([\s\S]*?)\n\}>/.exec(
      read("gen/centrifugal/centrifugo/api/api_pb.ts"),
    ) ?? [];
  const comments = [...service.matchAll(/\/\*\*\n {3}\* (\S.*)\n[\s\S]*?\*\/\n {2}(\w+): \{/g)];
  expect(comments.filter(([, first]) => !first?.startsWith("@generated"))).toHaveLength(
    CentrifugoApi.methods.length,
  );
});
