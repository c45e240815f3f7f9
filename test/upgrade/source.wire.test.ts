import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, symlinkSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { delimiter, join } from "node:path";
import { afterAll, afterEach, describe, expect, test, vi } from "vitest";
import { UpgradeError } from "../../scripts/upgrade/failures.ts";
import { type SchemaFile, schemaFiles } from "../../scripts/upgrade/schema-files.ts";
import { type FetchOptions, fetchSchemas } from "../../scripts/upgrade/source.ts";
import { folderWith } from "./folder-with.ts";

const schema = 'syntax = "proto3"; package centrifugal.centrifugo.api; // ü';
const [api] = schemaFiles as [SchemaFile];
const { upstream } = api;
const replies: Readonly<Record<string, RequestListener>> = {
  "/api.proto": (_request, reply) => reply.end(schema),
  "/old": (_request, reply) => reply.writeHead(302, { location: "/api.proto" }).end(),
  "/page": (_request, reply) => reply.end("<!DOCTYPE html>"),
  "/lost": (_request, reply) => reply.destroy(),
  "/cut": (_request, reply) => {
    reply.writeHead(200).write("syntax");
    setTimeout(() => reply.destroy(), 50);
  },
  "/silent": () => {},
  "/huge": (_request, reply) => {
    const more = () => {
      while (reply.write(Buffer.alloc(1024 * 1024, " ")));
    };
    reply.on("drain", more);
    more();
  },
  "/endless": (_request, reply) => reply.writeHead(200).write("syntax"),
  // Releases, as GitHub has them.
  ...Object.fromEntries(
    schemaFiles.map((file): [string, RequestListener] => [
      `/files/v6.10.0/${file.upstream}`,
      (_request, reply) => reply.end(schema.replace(api.packageName, file.packageName)),
    ]),
  ),
  "/releases/latest": (_request, reply) => reply.writeHead(302, { location: "tag/v6.10.0" }).end(),
  "/releases/tag/v6.10.0": (_request, reply) => reply.end(),
  "/none/latest": (_request, reply) => reply.writeHead(302, { location: "/page" }).end(),
};
const server = createServer((request, reply) => {
  const listener = replies[request.url ?? ""];
  if (listener === undefined) reply.writeHead(404).end();
  else listener(request, reply);
}).listen(0, "127.0.0.1");
await once(server, "listening");
const site = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const gitHub = { releases: `${site}/releases`, files: `${site}/files` };

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

/** The name of a source, its release and the schema of the API in it. */
async function get(source: string, options: Partial<FetchOptions> = {}) {
  using work = folderWith({});
  const signal = new AbortController().signal;
  const given = { project: ".", signal, site: gitHub, ...options };
  const { texts, ...rest } = await fetchSchemas(source, work.path, given);
  return { ...rest, text: texts.get(api) };
}

async function failure(source: string, options: Partial<FetchOptions> = {}): Promise<string> {
  const error = await get(source, options).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(UpgradeError);
  return (error as UpgradeError).message;
}

describe("a path", () => {
  test("the path of a file, relative to the project, gives its schema", async () => {
    using folder = folderWith({ "my.proto": schema });
    expect(await get("my.proto", { project: folder.path })).toEqual({ name: "my.proto", text: schema });
  });

  test("the path of a folder gives the schema of Centrifugo's package, and of several the one with its file name", async () => {
    const others = { "b/swagger.proto": schema, "c.proto": "package c;", "d.txt": schema };
    using folder = folderWith({ [upstream]: schema, ...others });
    expect(await get(folder.path)).toEqual({ name: folder.path, text: schema });
  });

  test.each([
    ["with two schemas of a package names them", { "a.proto": schema, "b.proto": schema }, /b\.proto are/],
    ["with other schemas names their packages", { "a.proto": "package a;", "b.proto": "" }, /, got a, none$/],
    ["without schemas says so", { "a.txt": schema }, /expected the package .*\.proxy, got no file$/],
  ])("of a folder %s", async (_title, files, message) => {
    using folder = folderWith(files);
    expect(await failure(folder.path)).toMatch(message);
  });

  test.skipIf(process.platform === "win32").each([
    ["a pipe", "pipe", "is a pipe, not a file"],
    ["an endless device", "/dev/zero", "is a device, not a file"],
    ["a link to itself", "loop", "ELOOP: "],
    ["a long name", "x".repeat(300), "ENAMETOOLONG: "],
    ["nothing", "6.9", "ENOENT: "],
  ])("of %s ends at once, in one line", async (_title, source, reason) => {
    using folder = folderWith({});
    execFileSync("mkfifo", [join(folder.path, "pipe")]);
    symlinkSync("loop", join(folder.path, "loop"));
    const words = await failure(source, { project: folder.path });
    expect(words).toContain(`${source} cannot be read (${reason}`);
    expect(words).toMatch(/expected a path, a URL, a version \(v6\.9\.1\), `latest` or buf\.build.*$/);
    expect(words).not.toContain("\n");
  });
});

describe("a URL", () => {
  test.each(["/api.proto", "/old"])("the URL %s gives its schema, also through redirects", async (path) => {
    expect(await get(`${site}${path}`)).toEqual({ name: `${site}${path}`, text: schema });
  });

  test.each([
    ["/none", " cannot be downloaded (expected status 200, got 404)"],
    [
      "/page",
      " is no schema of Centrifugo: expected the package centrifugal.centrifugo.api or centrifugal.centrifugo.proxy, got none",
    ],
    ["/lost", " cannot be downloaded (other side closed)"],
    ["/cut", " cannot be downloaded (other side closed)"],
    ["/huge", " cannot be downloaded (more than 4194304 bytes)"],
  ])("is named in the error: %s", async (path, message) => {
    expect(await failure(`${site}${path}`)).toBe(`${site}${path}${message}`);
  });

  test.each([
    ["http://127.0.0.1:2/", "connect ECONNREFUSED "],
    ["http://c.invalid/", "getaddrinfo E"],
    ["http://", "Invalid URL"],
  ])("%s that leads nowhere is named in the error", async (url, reason) => {
    expect(await failure(url)).toContain(`${url} cannot be downloaded (${reason}`);
  });

  test.each(["/silent", "/endless"])("an interrupted upgrade ends the download of %s", async (path) => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error("ended")), 50);
    await expect(get(`${site}${path}`, { signal: controller.signal })).rejects.toThrow(/^ended$/);
  });
});

describe("a release of Centrifugo", () => {
  test.each(["v6.10.0", "6.10.0", "latest"])("the release %s gives schema and number", async (source) => {
    expect(await get(source)).toEqual({ name: "Centrifugo v6.10.0", release: "6.10.0", text: schema });
  });

  test("the error names a release that does not exist", async () => {
    const url = `${site}/files/v9.9.9/${upstream}`;
    expect(await failure("v9.9.9")).toBe(`${url} cannot be downloaded (expected status 200, got 404)`);
  });

  test("the source latest fails if the site names no release", async () => {
    const words = await failure("latest", { site: { ...gitHub, releases: `${site}/none` } });
    expect(words).toBe(
      `${site}/none/latest leads to ${site}/page, which is no release; name the version instead`,
    );
  });
});

describe("a module of the Buf Schema Registry", () => {
  afterEach(() => vi.unstubAllEnvs());

  /** Puts a `buf` before the real one: a shell script. */
  function fakeBuf(script: string) {
    const folder = folderWith({ buf: `#!/bin/sh\n${script}\n` });
    chmodSync(join(folder.path, "buf"), 0o755);
    vi.stubEnv("PATH", `${folder.path}${delimiter}${process.env.PATH}`);
    return folder;
  }

  test("a Buf module gives the schema that buf exports under any file name", async () => {
    using _buf = fakeBuf(`[ "$1 $3" = "export --output" ] && echo '${schema}' > "$4/apiproto.proto"`);
    const name = "buf.build/centrifugo/apiproto:main";
    expect(await get(name)).toEqual({ name, text: `${schema}\n` });
  });

  test("a release and a folder give the schemas of the API and of the proxy", async () => {
    const both = Object.fromEntries(
      schemaFiles.map((file) => [file.upstream, schema.replace(api.packageName, file.packageName)]),
    );
    using folder = folderWith(both);
    for (const source of [folder.path, "v6.10.0"]) {
      using work = folderWith({});
      const signal = new AbortController().signal;
      const { texts } = await fetchSchemas(source, work.path, { project: ".", signal, site: gitHub });
      expect([...texts.values()]).toEqual(Object.values(both));
    }
  });

  test("a Buf module that buf cannot get fails with buf's message", async () => {
    using _buf = fakeBuf('echo "Failure: no such label" >&2; exit 1');
    const words = await failure("buf.build/centrifugo/apiproto:x");
    expect(words).toMatch(/^`buf export buf\.build\/.*:x --output .*` failed:\nFailure: no such label$/);
  });
});
