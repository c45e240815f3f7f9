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

/** The snippets after the quick start use its import and its client. */
const quickStartImport = 'import { createClient } from "tscent";\n';
const quickStartClient =
  'await using cent = createClient({ url: "http://localhost:8000/api", apiKey: "api_key" });\n';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});

afterAll(() => server.close());

testSnippets("README.md", {
  moreThan: 6,
  complete(snippet) {
    const usesClient = snippet.includes("cent.") && !snippet.includes("createClient(");
    const program = `${usesClient ? quickStartClient : ""}${snippet}`;
    const usesImport = program.includes("createClient(") && !/import \{.*\bcreateClient\b/.test(program);
    return `${usesImport ? quickStartImport : ""}${program}`
      .replaceAll("http://localhost:8000/api", server.httpUrl)
      .replaceAll("http://localhost:10000", server.grpcUrl);
  },
});

describe("the README", () => {
  const [, table = ""] = readme.match(/^## Methods\n(.*?)^## /ms) ?? [];
  const rows = [...table.matchAll(/^\| (`.*?) \|/gm)].flatMap(([, names = ""]) => names.match(/\w+/g) ?? []);
  const namesIn = (service: DescService) => methodTable(service).methods.map(({ name }) => name);

  test("the README lists every method of 6.9.1 once, and only methods of the schema", () => {
    expect(rows).toEqual(expect.arrayContaining(namesIn(recordedService)));
    expect(namesIn(CentrifugoApi)).toEqual(expect.arrayContaining(rows));
    expect(new Set(rows).size).toBe(rows.length);
  });

  testRecordedRelease("the README lists every method of the schema", () => {
    expect(rows.sort()).toEqual(namesIn(CentrifugoApi).sort());
  });

  const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as { scripts: object };

  test("the README names only scripts that exist", () => {
    const named = [...readme.matchAll(/npm run ([\w:]+)/g)].map(([, name = ""]) => name);
    expect(named).toContain("demo");
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });
  test("the README has 220 lines at most", () => {
    expect(readme.split("\n").length - 1).toBeLessThanOrEqual(220);
  });

  test("CONTRIBUTING.md, not the README, has a row for each script", () => {
    const contributing = readFileSync("CONTRIBUTING.md", "utf8");
    const described = [...contributing.matchAll(/^\| `npm (?:run )?([\w:]+)/gm)].map(([, name]) => name);
    expect(
      Object.keys(scripts).filter(
        (name) => !/^pre(?:pack|publishOnly)$/.test(name) && !described.includes(name),
      ),
    ).toEqual([]);
  });
});
