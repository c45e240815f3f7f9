import { globSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { TestServer } from "../../src/testing/index.ts";
import * as testing from "../../src/testing/index.ts";
import { startTestServer } from "../../src/testing/index.ts";
import type { HttpProxy } from "../harness/http-proxy.ts";
import { startHttpProxy } from "../harness/http-proxy.ts";
import { testSnippets } from "../harness/markdown-snippets.ts";
import { ca, clientCertificate } from "../harness/test-certificates.ts";
import { eddsaPem, rsaPem, tokenSecret } from "../harness/token-makers.ts";

const pages = globSync("docs/*.md").map((page) => page.replaceAll("\\", "/"));
/** The page whose snippets need generated code and an installed package: newer-servers.test.ts runs them. */
const pageOfNewerServers = "docs/upgrading.md";
/** The page whose snippets need frameworks that this project does not have. */
const pageOfFrameworks = "docs/frameworks.md";
/** The page with the examples of NestJS, whose decorators Node.js does not run. Its other snippets run. */
const pageOfNest = "docs/nestjs.md";

/** The page of the command line, whose commands test/cli/page.wire.test.ts runs. */
const pageOfCommands = "docs/cli.md";

/** A snippet that uses `cent` without making it gets the client of the page's first example. */
const prelude = `import { createClient as createPageClient } from "tscent";
await using cent = createPageClient({ url: "http://localhost:8000/api", apiKey: "api_key" });
`;

/** The files that snippets read. */
const files = {
  "config.json": JSON.stringify({
    http_api: { key: "my-key" },
    client: { allowed_origins: ["https://example.com"] },
    channel: { namespaces: [{ name: "chat", presence: true, history_size: 10, history_ttl: "60s" }] },
  }),
  "ca.pem": ca,
  "client.pem": clientCertificate.cert,
  "client-key.pem": clientCertificate.key,
  "token-key.pem": eddsaPem,
  "old-token-key.pem": rsaPem,
};

let server: TestServer;
let proxy: HttpProxy;

beforeAll(async () => {
  server = await startTestServer();
  proxy = await startHttpProxy();
});

afterAll(async () => {
  await server.close();
  await proxy[Symbol.asyncDispose]();
});

function complete(snippet: string): string {
  const makesClient = /\b(?:cent|client)\b.* = create(?:Test)?Client\(|\bcent: CentClient\b/.test(snippet);
  return (
    `${/\bcent\./.test(snippet) && !makesClient ? prelude : ""}${snippet}`
      .replaceAll("http://localhost:8000/api", server.httpUrl)
      .replaceAll("http://localhost:10000", server.grpcUrl)
      .replaceAll("http://proxy.example.com:3128", proxy.url)
      // Servers of snippets take a free port of loopback, and let the program end.
      .replaceAll(/\.listen\(\d+\)/g, '.listen(0, "127.0.0.1").unref()')
  );
}

/** The pages whose snippets run here. */
const runPages = [...pages, "llms.txt"].filter(
  (page) => ![pageOfNewerServers, pageOfFrameworks, pageOfCommands].includes(page),
);
for (const page of runPages) {
  const env = () => ({
    CENT_URL: server.httpUrl,
    CENT_API_KEY: server.apiKey,
    CENT_TOKEN_SECRET: tokenSecret,
    CENT_PROXY_SECRET: "a-secret-of-a-proxy",
  });
  testSnippets(page, { moreThan: 0, complete, files, env });
}

test("docs/frameworks.md and docs/nestjs.md show each file of examples/frameworks as it is", () => {
  const shown = (page: string) =>
    [...readFileSync(page, "utf8").matchAll(/```ts fragment\n(.*?)```/gs)].map(([, code]) => code);
  const files = (pattern: string, exclude: string[] = []) =>
    globSync(pattern, { exclude }).map((file) => readFileSync(file, "utf8"));
  const ofNest = "examples/frameworks/nestjs/*.ts";
  expect(shown(pageOfFrameworks).sort()).toEqual(files("examples/frameworks/**/*.ts", [ofNest]).sort());
  // The page has further fragments, of parts of these files.
  expect(shown(pageOfNest)).toEqual(expect.arrayContaining(files(ofNest)));
  expect(files(ofNest)).toHaveLength(6);
});

test("the snippet with a gRPC tunnel goes through the proxy", () => {
  expect(proxy.requests).toContain(`CONNECT ${new URL(server.grpcUrl).host}`);
});

test("another test runs the snippets that need generated code", () => {
  const [file = ""] = globSync("test/guarantees/newer-servers*.test.ts");
  expect(readFileSync(file, "utf8")).toContain(`"${pageOfNewerServers}"`);
});

describe.each(pages)("%s", (page) => {
  const text = readFileSync(page, "utf8");

  test("begins with an example, before its second heading", () => {
    expect(text.indexOf("\n```")).toBeGreaterThan(0);
    expect(text.indexOf("\n```")).toBeLessThan(text.indexOf("\n## "));
  });

  test("marks each TypeScript block as one that runs, or as a fragment", () => {
    const marks = [...text.matchAll(/^```(t.*|js.*|typescript.*)$/gm)].map(([, mark]) => mark);
    expect(marks.filter((mark) => !["ts", "ts fragment", "text"].includes(mark ?? ""))).toEqual([]);
  });
});

test("docs/testing.md names all that tscent/testing exports", () => {
  const text = readFileSync("docs/testing.md", "utf8");
  expect(Object.keys(testing).filter((name) => !text.includes(name))).toEqual([]);
});
