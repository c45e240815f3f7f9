import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import * as testing from "../../src/testing/index.ts";
import { testSnippets } from "../harness/markdown-snippets.ts";

const page = "docs/testing.md";

testSnippets(page, {
  moreThan: 6,
  files: {
    "config.json": JSON.stringify({
      http_api: { key: "my-key" },
      client: { allowed_origins: ["https://example.com"] },
      channel: { namespaces: [{ name: "chat", presence: true, history_size: 10, history_ttl: "60s" }] },
    }),
  },
});

test(`${page} tells of what can be imported`, () => {
  const text = readFileSync(page, "utf8");
  expect(Object.keys(testing).filter((name) => !text.includes(name))).toEqual([]);
});
