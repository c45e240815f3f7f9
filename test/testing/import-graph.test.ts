import { readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const { dependencies, imports } = JSON.parse(readFileSync(`${root}/package.json`, "utf8")) as {
  dependencies: Record<string, string>;
  imports: Record<string, Record<string, string>>;
};

const specifiers = /\b(?:import|export)\b[^;"']*?\bfrom\s*"([^"]+)"|\bimport\s*\(?\s*"([^"]+)"/g;

/** The files and packages that a source file imports, itself or through others. Types do not count. */
function graphOf(entry: string): { files: Set<string>; packages: Set<string> } {
  const files = new Set<string>();
  const packages = new Set<string>();
  const visit = (url: URL) => {
    const file = relative(root, fileURLToPath(url));
    if (files.has(file)) return;
    files.add(file);
    for (const [statement, from, alone] of readFileSync(url, "utf8").matchAll(specifiers)) {
      const specifier = from ?? alone ?? "";
      if (/^(?:import|export) type\b/.test(statement) || isBuiltin(specifier)) continue;
      if (specifier.startsWith(".")) visit(new URL(specifier, url));
      else if (specifier.startsWith("#"))
        visit(new URL(imports[specifier]?.["tscent-source"] ?? "", `file://${root}/`));
      else packages.add(/^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier);
    }
  };
  visit(new URL(entry, `file://${root}/`));
  return { files, packages };
}

describe("imports of the entries", () => {
  const main = graphOf("src/index.ts");
  const outbox = graphOf("src/outbox/index.ts");
  const testing = graphOf("src/testing/index.ts");
  const token = graphOf("src/token/index.ts");

  test("the main entry imports nothing of the test server and of tokens", () => {
    expect(main.files).toContain("src/transport/http/undici-post-client.ts");
    expect(main.files.size).toBeGreaterThan(20);
    expect([...main.files].filter((file) => /^src\/(?:testing|token)\//.test(file))).toEqual([]);
  });

  test("only the token entry imports jose, and it imports no other package", () => {
    expect([...token.packages]).toEqual(["jose"]);
    expect([...token.files].filter((file) => /^src\/(?:client|call|transport)\//.test(file))).toEqual([]);
  });

  test("the main entry imports nothing of the outbox, and the outbox none of its packages but protobuf", () => {
    expect([...main.files].filter((file) => file.startsWith("src/outbox/"))).toEqual([]);
    expect(outbox.files).toContain("src/outbox/table/outbox-insert.ts");
    expect([...outbox.packages]).toEqual(["@bufbuild/protobuf"]);
  });

  test("the main entry imports nothing of the channels, and the channels nothing else", () => {
    expect([...main.files].filter((file) => file.startsWith("src/channels/"))).toEqual([]);
    const { files, packages } = graphOf("src/channels/index.ts");
    expect([...files].filter((file) => !file.startsWith("src/channels/"))).toEqual([]);
    expect([...packages]).toEqual([]);
  });

  test("the main entry imports nothing of the proxy, and the testing entry only the proxy's messages", () => {
    const proxy = (file: string) => /^(?:src|gen\/centrifugal\/centrifugo)\/proxy\//.test(file);
    expect([...main.files].filter(proxy)).toEqual([]);
    expect([...testing.files].filter(proxy)).toEqual(["gen/centrifugal/centrifugo/proxy/proxy_pb.ts"]);
    expect([...graphOf("src/proxy/index.ts").files].filter(proxy).length).toBeGreaterThan(15);
  });

  test("the proxy entry loads neither Connect nor undici, nor what makes calls", () => {
    const { files, packages } = graphOf("src/proxy/index.ts");
    expect([...packages]).toEqual(["@bufbuild/protobuf"]);
    expect([...files].filter((file) => /^src\/(?:client|many-calls|call|testing|cli)\//.test(file))).toEqual(
      [],
    );
  });

  test("the testing entry adds the packages of its gRPC server, and only they load Connect", () => {
    expect(testing.files.size).toBeGreaterThan(main.files.size);
    const connect = ["@connectrpc/connect", "@connectrpc/connect-node"];
    expect([...main.packages, ...connect, "jose"].sort()).toEqual(Object.keys(dependencies).sort());
    expect([...testing.packages].filter((name) => !main.packages.has(name)).sort()).toEqual(connect);
  });
});
