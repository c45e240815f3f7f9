import { readFileSync } from "node:fs";
import type { DescService } from "@bufbuild/protobuf";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CentrifugoApi } from "#api";
import { methodTable } from "../../src/schema/method-table.ts";
import type { TestServer } from "../../src/testing/index.ts";
import { startTestServer } from "../../src/testing/index.ts";
import { testSnippets } from "../harness/markdown-snippets.ts";
import { recordedService, testRecordedRelease } from "../harness/schema-release.ts";

const readme = readFileSync("README.md", "utf8");

/** The snippets below "The client" use the client that was made there. */
const prelude = `import { createClient as createReadmeClient } from "tscent";
await using cent = createReadmeClient({ url: "http://localhost:8000/api", apiKey: "api_key" });
`;

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});

afterAll(() => server.close());

testSnippets("README.md", {
  moreThan: 8,
  complete(snippet) {
    const usesPrelude = snippet.includes("cent.") && !snippet.includes("createClient(");
    return `${usesPrelude ? prelude : ""}${snippet}`
      .replaceAll("http://localhost:8000/api", server.httpUrl)
      .replaceAll("http://localhost:10000", server.grpcUrl)
      .replaceAll('"./gen/', '"../../gen/');
  },
});

describe("the README", () => {
  const rows = [...readme.matchAll(/^\| `(\w+)` \| .* \| (?:OSS|PRO) \|$/gm)].map(([, name]) => name);
  const namesIn = (service: DescService) => methodTable(service).methods.map(({ name }) => name);

  test("lists every method of 6.9.1, each once, and none that is not there", () => {
    expect(rows).toEqual(expect.arrayContaining(namesIn(recordedService)));
    expect(namesIn(CentrifugoApi)).toEqual(expect.arrayContaining(rows));
    expect(new Set(rows).size).toBe(rows.length);
  });

  testRecordedRelease("lists every method", () => {
    expect(rows.sort()).toEqual(namesIn(CentrifugoApi).sort());
  });

  test("names scripts that exist", () => {
    const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as { scripts: object };
    const named = [...readme.matchAll(/npm run ([\w:]+)/g)].map(([, name = ""]) => name);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });
});
