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

/** The end of the signatures of methods that are not in the schema. */
const runs = [
  ["cent.publishMany", "ManyRun<PublishResult>"],
  ["cent.broadcastMany", "ManyRun<PublishResult>"],
  ["exact.publishMany", "ManyRun<PublishResultBigint>"],
] as const;

/** Values of a client with channels, and what an editor shows for them. */
const ofChannels = [
  ["typed.publish", 'publish<"chat:1">(request: ChannelRequest<PublishRequest<unknown>,'],
  ["typed.publish", "Data that the schema refuses is a CentRequestError"],
  ["result", "const result: HistoryResult<{\n    text: string;\n}>"],
  ["page", "const page: HistoryResult<{\n    text: string;\n}>"],
] as const;
const channelLines = [
  'import { createClient, paginate } from "../../src/index.ts";',
  'import { defineChannels, type StandardSchema } from "../../src/channels/index.ts";',
  "declare const data: StandardSchema<{ text: string }>;",
  'const channels = defineChannels({ "chat:*": { data } });',
  'const typed = createClient({ url: "http://localhost:8000/api", channels });',
  'typed.publish({ channel: "chat:1", data: { text: "hi" } });',
  'const result = await typed.history({ channel: "chat:1" });',
  'for await (const page of paginate(typed, "history", { channel: "chat:1" })) console.log(page);',
];

/** Methods and their signatures, as an editor shows them. */
const signatures = [
  [
    "cent.publish",
    "<Data = unknown>(request: PublishRequest<Data>, options?: CallOptions) => Promise<PublishResult>",
  ],
  [
    "cent.broadcast",
    "<Data = unknown>(request: BroadcastRequest<Data>, options?: CallOptions) => Promise<BroadcastResult>",
  ],
  [
    "cent.history",
    "<Data = unknown>(request: HistoryRequest, options?: CallOptions) => Promise<HistoryResult<Data>>",
  ],
  [
    "cent.presence",
    "<Data = unknown>(request: PresenceRequest, options?: CallOptions) => Promise<PresenceResult<Data>>",
  ],
  ["cent.disconnect", "(request?: DisconnectRequest, options?: CallOptions) => Promise<DisconnectResult>"],
  ["cent.info", "(request?: InfoRequest, options?: CallOptions) => Promise<InfoResult>"],
  [
    "cent.rpc",
    "<Result = unknown, Params = unknown>(request: RPCRequest<Params>, options?: CallOptions) => Promise<RPCResult<Result>>",
  ],
  [
    "exact.publish",
    "<Data = unknown>(request: PublishRequest<Data>, options?: CallOptions) => Promise<PublishResultBigint>",
  ],
] as const;

describe("hover", () => {
  const commands = fieldComments("Command");
  const requestFields = fieldComments("PublishRequest").filter(([name]) => !name.startsWith("b64"));
  const resultFields = fieldComments("PublishResult");
  const destructure = (fields: [string, string][], value: string) =>
    `const { ${fields.map(([name]) => name).join(", ")} } = ${value};`;
  const lines = [
    'import type { CentClient, CentRequest, DefaultService } from "../../src/index.ts";',
    "declare const cent: CentClient;",
    'declare const request: CentRequest<"publish">;',
    destructure(commands, "cent"),
    destructure(requestFields, "request"),
    destructure(resultFields, "await cent.publish(request)"),
    'declare const exact: CentClient<DefaultService, "bigint">;',
  ];
  const methodLines = [...signatures, ...runs].map(([method]) => `${method};`);
  const file = new URL("test/guarantees/hovered.ts", root).href;
  const channelFile = new URL("test/guarantees/hovered-channels.ts", root).href;
  let server: LanguageServer;

  beforeAll(async () => {
    server = await startLanguageServer(fileURLToPath(root));
    server.open(file, [...lines, ...methodLines].join("\n"));
    server.open(channelFile, channelLines.join("\n"));
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

  test.each(signatures)(
    "an editor shows named types and the schema's comment on %s",
    async (method, types) => {
      const line = lines.length + methodLines.indexOf(`${method};`);
      const [, name = ""] = method.split(".");
      const shown = await server.hover(file, line, method.indexOf(name));
      expect(shown).toContain(`.${name}: ${types}\n`);
      const [, comment = ""] = commands.find(([command]) => command === name) ?? [];
      expect(shown).toContain(comment);
    },
  );

  test.each(ofChannels)("an editor shows the data of channels on %s: %s", async (place, shown) => {
    const line = channelLines.findIndex((text) => new RegExp(`^(?:.*const )?${place}\\b`).test(text));
    const at = (channelLines[line]?.indexOf(place) ?? -1) + place.indexOf(".") + 1;
    expect(await server.hover(channelFile, line, at)).toContain(shown);
  });

  test.each(runs)("an editor shows what a run of %s is", async (method, run) => {
    const line = lines.length + methodLines.indexOf(`${method};`);
    const shown = await server.hover(file, line, method.indexOf(".") + 1);
    expect(shown).toContain(`): ${run}\n`);
    expect(shown).toContain("begins by itself");
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
