import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CentrifugoApi } from "../gen/centrifugal/centrifugo/api/api_pb.ts";
import { methodTable } from "../src/methods.ts";
import type { TestServer } from "../src/testing/index.ts";
import { startTestServer } from "../src/testing/index.ts";
import { testSnippets } from "./markdown-snippets.ts";

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
  test("lists every method", () => {
    const { methods } = methodTable(CentrifugoApi);
    const rows = [...readme.matchAll(/^\| `(\w+)` \| .* \| (?:OSS|PRO) \|$/gm)].map(([, name]) => name);
    expect(rows.sort()).toEqual(methods.map(({ name }) => name).sort());
  });

  test("names scripts that exist", () => {
    const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as { scripts: object };
    const named = [...readme.matchAll(/npm run ([\w:]+)/g)].map(([, name = ""]) => name);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });
});
