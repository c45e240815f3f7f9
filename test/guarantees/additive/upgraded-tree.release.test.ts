import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { fixtureProject, run } from "../../upgrade/fixture-project.ts";
import { additions, withAdditions } from "./newer-schema.ts";

const program = `
import type { ArchiveRequest, ArchiveResult, BatchCommand, CentRequest, CentResult, DefaultService, MethodName } from "tscent";
import { createClient, unwrap } from "tscent";
import type { MappedRequest } from "./src/call/request-types.ts";
import type { MappedResult } from "./src/call/result-types.ts";
import { startTestServer } from "tscent/testing";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

type Plain<Type> = Type extends (infer Element)[] ? Plain<Element>[] : { [Name in keyof Type]: Plain<Type[Name]> };
type Results<Mode extends "number" | "bigint"> = {
  [Name in MethodName]: [CentResult<Name, string, DefaultService, Mode>, MappedResult<Name, string, DefaultService, Mode>];
};
type Differs<Pair> = Pair extends [infer One, infer Two]
  ? [Plain<One>, Plain<Two>] extends [Plain<Two>, Plain<One>] ? never : Pair
  : never;
const generatedAsMapped: [
  { [Name in MethodName]: Differs<Results<"number">[Name]> }[MethodName],
  { [Name in MethodName]: Differs<Results<"bigint">[Name]> }[MethodName],
  { [Name in MethodName]: Differs<[CentRequest<Name>, MappedRequest<Name, DefaultService>]> }[MethodName],
] extends [never, never, never] ? true : false = true;
const lone: Equal<Exclude<MethodName, keyof BatchCommandKeys>, "getUrlMap" | "health"> = true;
type BatchCommandKeys = { [Command in BatchCommand as keyof Command & string]: true };

const archive: ArchiveRequest<{ any: string }> = { channel: "a", data: { any: "thing" }, version: 5n, positions: [1, 2n] };
const size: CentRequest<"shapes">["size"] = { case: "extent", value: { x: 1, inner: { note: "n" } } };
const health: CentResult<"health"> = { status: "fine", uptime: 3 };

await using server = await startTestServer({
  methods: {
    archive: ({ data, version }) => ({ offset: version ?? 0, data }),
    httpStats: () => ({ routes: { "/api": { count: 2, meanMs: 0.5 } }, byStatus: { 200: 2 } }),
    markRead: ({ offset }) => ({ changed: offset === 3 }),
    shapes: ({ points, size }) => ({ points: points ?? [], ...(size?.case === "area" ? { size } : {}), title: "" }),
    getUrlMap: ({ prefix = "" }) => ({ urls: { a: prefix + "a" } }),
    health: () => health,
  },
});

for (const transport of ["http", "grpc"] as const) {
  const url = transport === "http" ? server.httpUrl : server.grpcUrl;
  await using cent = createClient({ transport, url, apiKey: server.apiKey });
  const { offset, data }: ArchiveResult<{ any: string }> = await cent.archive<{ any: string }>(archive);
  const stats = await cent.httpStats();
  const { urls } = await cent.getUrlMap({ prefix: "/" });
  const { points, title, ...shapes } = await cent.shapes({ points: [{ x: 1 }], size: { case: "area", value: 2 } });
  const named = shapes.size.case === "area" ? shapes.size.value : undefined;
  const { status, uptime } = await cent.health();
  const { replies } = await cent.batch({
    commands: [{ markRead: { channel: "a", offset: 3 } }, { archive }, { publish: { channel: "a", data: 1, priority: "x" } }],
  });
  const [read, archived, published] = replies;
  unwrap(replies);
  const types: [number, string | undefined, number | undefined, boolean | undefined, number | undefined] = [
    offset, data?.any, stats.routes["/api"]?.count, read.ok ? read.result.changed : undefined,
    archived.ok ? archived.result.offset : undefined,
  ];
  const { publications, meta } = await cent.history<{ n: string }>({ channel: "b", limit: 1 });
  const noted: [string | undefined, { n: string } | undefined] = [publications[0]?.data.n, meta];
  await cent.batch({ commands: [], trace: "t" });
  const { storedAt } = published.ok ? published.result : { storedAt: -1 };
  // @ts-expect-error no such field
  await cent.archive({ chanel: "a" }).catch((error) => console.log(error.message));
  // @ts-expect-error not a batch command
  await cent.batch({ commands: [{ health: {} }] }).catch((error) => console.log(error.message));
  console.log(JSON.stringify({ types, urls, points, title, named, status, uptime, storedAt, noted, lone: lone && generatedAsMapped, size }));
}
`;

const printed = [
  "archive: chanel: unknown field; did you mean channel?",
  "batch: commands[0]: unknown method health",
  '{"types":[5,"thing",2,true,5],"urls":{"a":"/a"},"points":[{"x":1,"y":0}],"title":"","named":2,"status":"fine",' +
    '"uptime":3,"storedAt":0,"noted":[null,null],"lone":true,"size":{"case":"extent","value":{"x":1,"inner":{"note":"n"}}}}',
];

test("an upgrade to a newer schema needs no edit of src: programs with its methods type-check and run", async () => {
  const config = JSON.parse(readFileSync("tsconfig.json", "utf8"));
  const tsconfig = JSON.stringify({ ...config, include: ["src", "gen", "program.ts"] });
  using project = fixtureProject({ "program.ts": program, "tsconfig.json": tsconfig }, [
    "src",
    "package.json",
  ]);
  const { code, error } = await run(project, withAdditions(additions), ["--skip-tests"]);
  expect([code, error]).toEqual([0, ""]);
  expect(project.git("status", "--porcelain", "src")).toBe("");
  const command = ["--conditions=tscent-source", "program.ts"];
  const output = execFileSync("node", command, { cwd: project.path, encoding: "utf8" });
  expect(output.trim().split("\n")).toEqual([...printed, ...printed]);
}, 60_000);
