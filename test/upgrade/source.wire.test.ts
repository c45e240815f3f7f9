import { once } from "node:events";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { delimiter, join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { Endpoints } from "../../scripts/upgrade/source/fetch-options.ts";
import { fetchSource } from "../../scripts/upgrade/source/fetch-source.ts";
import { parseSource } from "../../scripts/upgrade/source/source.ts";
import { temporaryFolder } from "../../scripts/upgrade/temporary-folder.ts";
import { UpgradeError } from "../../scripts/upgrade/upgrade-error.ts";

async function serve(listener: RequestListener): Promise<AsyncDisposable & { readonly url: string }> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** What a source gives, or why it gives nothing. */
async function get(source: string, endpoints: Partial<Endpoints> = {}, project = ".") {
  using work = temporaryFolder();
  const signal = new AbortController().signal;
  return await fetchSource(parseSource(source), { project, folder: work.path, signal, ...endpoints });
}

async function failure(source: string, endpoints: Partial<Endpoints> = {}, project = "."): Promise<string> {
  const error = await get(source, endpoints, project).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(UpgradeError);
  return (error as UpgradeError).message;
}

describe("a source's form tells what it is:", () => {
  test.each([
    ["v6.9.1", { kind: "release", version: "6.9.1" }],
    ["6.10.0-rc.1", { kind: "release", version: "6.10.0-rc.1" }],
    ["latest", { kind: "latest" }],
    ["./latest", { kind: "file", path: "./latest" }],
    ["../api.proto", { kind: "file", path: "../api.proto" }],
    ["https://example.org/api.proto", { kind: "url", url: "https://example.org/api.proto" }],
    ["buf.build/centrifugo/apiproto", { kind: "module", reference: "buf.build/centrifugo/apiproto" }],
    [
      "buf.build/centrifugo/apiproto:main",
      { kind: "module", reference: "buf.build/centrifugo/apiproto:main" },
    ],
  ])("%s", (text, source) => {
    expect(parseSource(text)).toEqual(source);
  });

  test.each(["6.9", "v6"])("%s is half a version", (text) => {
    expect(() => parseSource(text)).toThrow(
      `${text} is no version of Centrifugo; expected all three numbers`,
    );
  });
});

describe("a schema from the web", () => {
  test("is downloaded, through redirects", async () => {
    await using server = await serve((request, reply) => {
      if (request.url === "/old") reply.writeHead(302, { location: "/new" }).end();
      else reply.end('syntax = "proto3"; // ü');
    });
    expect(await get(`${server.url}/old`)).toEqual({
      text: 'syntax = "proto3"; // ü',
      name: `${server.url}/old`,
      release: undefined,
    });
  });

  test.each<readonly [title: string, listener: RequestListener, message: string]>([
    [
      "is missing",
      (_request, reply) => reply.writeHead(404).end(),
      "URL: there is no such file (status 404)",
    ],
    [
      "is not given",
      (_request, reply) => reply.writeHead(503).end(),
      "URL: expected status 200, got 503 Service Unavailable",
    ],
    ["is empty", (_request, reply) => reply.end(" \n"), "URL is empty"],
    [
      "is a page, by its type",
      (_request, reply) => reply.setHeader("content-type", "text/html").end("hello"),
      "URL is an HTML page",
    ],
    ["is a page, by its look", (_request, reply) => reply.end("\n<!DOCTYPE html><p>"), "URL is an HTML page"],
    ["is not text", (_request, reply) => reply.end(Buffer.from([0x61, 0xff])), "URL is not UTF-8 text"],
    ["is huge", (_request, reply) => reply.end("x".repeat(1001)), "URL is more than 1000 bytes"],
    ["never comes", () => {}, "URL: no complete answer within 300 ms"],
    [
      "comes in part",
      (_request, reply) => reply.writeHead(200).write("syntax"),
      "URL: no complete answer within 300 ms",
    ],
    ["is cut off", (_request, reply) => reply.destroy(), "URL: the connection was lost (UND_ERR_SOCKET)"],
    [
      "is always elsewhere",
      (_request, reply) => reply.writeHead(302, { location: "/" }).end(),
      "URL: redirect count exceeded",
    ],
  ])("that %s", async (_title, listener, message) => {
    await using server = await serve(listener);
    const url = `${server.url}/api.proto`;
    expect(await failure(url, { timeoutMs: 300, maxBytes: 1000 })).toContain(message.replace("URL", url));
  });

  test("at a closed port", async () => {
    const server = createTcpServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    server.close();
    await once(server, "close");
    expect(await failure(url)).toBe(`${url}: the connection was refused (ECONNREFUSED)`);
  });

  test("at a host that nobody knows", async () => {
    expect(await failure("http://centrifugo.invalid/api.proto")).toMatch(
      /^http:\/\/centrifugo\.invalid\/api\.proto: the host name .* \((?:ENOTFOUND|EAI_AGAIN)\)$/,
    );
  });

  test("of no address", async () => {
    expect(await failure("http://")).toBe("http://: that is not a URL (ERR_INVALID_URL)");
  });

  test("is given up when the upgrade is ended", async () => {
    const controller = new AbortController();
    const reason = new Error("ended");
    await using server = await serve(() => controller.abort(reason));
    using work = temporaryFolder();
    const ended = fetchSource(
      { kind: "url", url: server.url },
      { project: ".", folder: work.path, signal: controller.signal },
    );
    await expect(ended).rejects.toBe(reason);
  });
});

describe("a release of Centrifugo", () => {
  /** Has one release, and redirects to it as GitHub does. */
  const gitHub: RequestListener = (request, reply) => {
    if (request.url === "/releases/latest")
      reply.writeHead(302, { location: "https://github.com/c/c/releases/tag/v6.10.0" }).end();
    else if (request.url === "/files/v6.10.0/internal/apiproto/api.proto") reply.end("the schema");
    else reply.writeHead(404).end();
  };
  const at = (url: string) => ({ releasesUrl: `${url}/releases`, filesUrl: `${url}/files` });
  const expected = { text: "the schema", name: "Centrifugo v6.10.0", release: "6.10.0" };

  test.each(["v6.10.0", "6.10.0", "latest"])("%s", async (source) => {
    await using server = await serve(gitHub);
    expect(await get(source, at(server.url))).toEqual(expected);
  });

  test("that does not exist", async () => {
    await using server = await serve(gitHub);
    expect(await failure("v9.9.9", at(server.url))).toMatch(
      /^v9\.9\.9 is not a tag of Centrifugo, or .*\(status 404 from http.*\)$/,
    );
  });

  test.each<readonly [string, RequestListener, string]>([
    ["is not redirected to", (_request, reply) => reply.end("hello"), "got none"],
    [
      "is redirected to nothing known",
      (_request, reply) => reply.writeHead(302, { location: "/login" }).end(),
      "got /login",
    ],
  ])("that %s", async (_title, listener, message) => {
    await using server = await serve(listener);
    expect(await failure("latest", at(server.url))).toContain(
      `expected a redirect to the tag of a release, ${message}`,
    );
  });
});

describe("a file", () => {
  test("is read, relative to the project", async () => {
    using folder = temporaryFolder();
    writeFileSync(join(folder.path, "my.proto"), "the schema");
    expect(await get("my.proto", {}, folder.path)).toEqual({
      text: "the schema",
      name: "my.proto",
      release: undefined,
    });
  });

  test.each<readonly [title: string, content: string | Buffer, message: string]>([
    ["is empty", "", "my.proto is empty"],
    ["is a page", "<html lang=en>", "my.proto is an HTML page"],
    ["is not text", Buffer.from([0xc3, 0x28]), "my.proto is not UTF-8 text"],
    ["is huge", "x".repeat(1001), "my.proto is more than 1000 bytes"],
  ])("that %s", async (_title, content, message) => {
    using folder = temporaryFolder();
    writeFileSync(join(folder.path, "my.proto"), content);
    expect(await failure("my.proto", { maxBytes: 1000 }, folder.path)).toContain(message);
  });

  test("that is missing, or a folder, or below a file", async () => {
    expect(await failure("no/such/api.proto")).toMatch(
      /^no\/such\/api\.proto: there is no such file\. Expected a path, a URL/,
    );
    expect(await failure("package.json/api.proto")).toContain("there is no such file");
    expect(await failure("proto")).toBe("proto is a folder, not a file; expected the path of an api.proto");
  });
});

describe("a module of the Buf Schema Registry", () => {
  afterEach(() => vi.unstubAllEnvs());

  /** Puts a `buf` before the real one, a program for Node. */
  function fakeBuf(folder: string, program: string): void {
    mkdirSync(join(folder, "bin"));
    writeFileSync(join(folder, "bin", "buf"), `#!/usr/bin/env node\n${program}`);
    chmodSync(join(folder, "bin", "buf"), 0o755);
    vi.stubEnv("PATH", `${join(folder, "bin")}${delimiter}${process.env.PATH}`);
  }
  const exporting = (...files: string[]) => `
    const { mkdirSync, writeFileSync } = require("node:fs");
    const { dirname, join } = require("node:path");
    const [command, reference, option, output] = process.argv.slice(2);
    if (command !== "export" || option !== "--output") process.exit(9);
    for (const file of ${JSON.stringify(files)}) {
      mkdirSync(dirname(join(output, file)), { recursive: true });
      writeFileSync(join(output, file), reference + ": " + file);
    }`;

  test.each([
    ["at the root", ["apiproto.proto"], "apiproto.proto"],
    [
      "in its folders, beside others",
      ["other.proto", "centrifugal/centrifugo/api/api.proto", "README.md"],
      "centrifugal/centrifugo/api/api.proto",
    ],
    ["with what it imports", ["schema.proto", "google/api/http.proto"], "schema.proto"],
  ])("has its schema %s", async (_where, files, expected) => {
    using folder = temporaryFolder();
    fakeBuf(folder.path, exporting(...files));
    const reference = "buf.build/centrifugo/apiproto:main";
    expect(await get(reference)).toEqual({
      text: `${reference}: ${expected}`,
      name: reference,
      release: undefined,
    });
  });

  test.each([
    ["no schema", [], "got no file"],
    ["two", ["a/api.proto", "b/api.proto"], /got .*[ab]\/api\.proto, .*[ab]\/api\.proto/],
  ])("with %s", async (_what, files, message) => {
    using folder = temporaryFolder();
    fakeBuf(folder.path, exporting(...files));
    expect(await failure("buf.build/centrifugo/apiproto")).toMatch(message);
  });

  test("that buf cannot get", async () => {
    using folder = temporaryFolder();
    fakeBuf(folder.path, 'console.error("Failure: no such label"); process.exit(1);');
    expect(await failure("buf.build/centrifugo/apiproto:x")).toBe(
      "buf could not export buf.build/centrifugo/apiproto:x:\nFailure: no such label",
    );
  });

  test("that never comes", async () => {
    using folder = temporaryFolder();
    fakeBuf(folder.path, "setInterval(() => {}, 1000);");
    expect(await failure("buf.build/centrifugo/apiproto", { timeoutMs: 300 })).toBe(
      "buf export took more than 300 ms",
    );
  });

  test("without buf", async () => {
    vi.stubEnv("PATH", "/no/such/folder");
    expect(await failure("buf.build/centrifugo/apiproto")).toMatch(/^buf was not found on the PATH/);
  });
});
