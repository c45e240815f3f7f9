import type { Message } from "@bufbuild/protobuf";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { describe, expect, test } from "vitest";
import { CentApiResponseError, createClient } from "../../src/index.ts";
import type { Method } from "../../src/schema/method-table.ts";
import type { Filled, Filling } from "../harness/filled-message.ts";
import { fillMessage } from "../harness/filled-message.ts";
import { resultOf } from "../harness/result-of.ts";
import { recordedService } from "../harness/schema-release.ts";
import type { Protocol } from "../harness/scripted-server.ts";
import { protocols, startScripted, table } from "../harness/scripted-server.ts";

const cases: readonly (Pick<Filling, "int64" | "shape"> & { title: string })[] = [
  { title: "every field filled", int64: "number", shape: "full" },
  { title: 'every field filled, beyond 2^53, with int64: "bigint"', int64: "bigint", shape: "full" },
  { title: "a result of zero elements", int64: "number", shape: "sparse" },
  { title: 'a result of zero elements, with int64: "bigint"', int64: "bigint", shape: "sparse" },
  { title: "an empty result", int64: "number", shape: "empty" },
];

test("the service has the 40 methods of 6.9.1", () => {
  const names = table.methods.map(({ rpc }) => rpc.name);
  expect(recordedService.methods).toHaveLength(40);
  expect(names).toEqual(expect.arrayContaining(recordedService.methods.map(({ name }) => name)));
});

describe.each(cases)("$title", ({ int64, shape }) => {
  test.each(table.methods.map((method) => [method.name, method] as const))(
    "%s has the same request and result over both transports",
    async (name, method) => {
      const request = fillRequest(method, { method: name, int64, shape: "full" });
      const response = fillResponse(method, { method: name, int64, shape });
      for (const protocol of protocols) {
        const { result, received } = await exchange(protocol, method, request, response, int64);
        expect(received, protocol).toStrictEqual(normalized(method, request.wire));
        expect(result, protocol).toStrictEqual(response.plain);
        expect(metaNames(result), protocol).toEqual([]);
        if (int64 === "number") expect(JSON.parse(JSON.stringify(result))).toEqual(inJson(response.plain));
      }
    },
    // A batch of all methods grows with each field of the schema.
    30_000,
  );
});

test("an error inside a result is a CentApiResponseError with the server's code and message", async () => {
  const method = methodNamed("broadcast");
  const filling = { method: "broadcast", int64: "number", shape: "full" } as const;
  for (const protocol of protocols) {
    const { result } = await exchange(
      protocol,
      method,
      fillRequest(method, filling),
      fillResponse(method, filling),
      "number",
    );
    const { responses } = result as { responses: { ok: boolean; error?: unknown }[] };
    expect(responses.map(({ ok }) => ok)).toEqual([true, false]);
    expect(responses[1]?.error).toBeInstanceOf(CentApiResponseError);
    expect(responses[1]?.error).toMatchObject({ code: 102, serverMessage: "error 2", method: "broadcast" });
  }
});

async function exchange(
  protocol: Protocol,
  method: Method,
  request: Filled,
  response: Filled,
  int64: "number" | "bigint",
) {
  await using server = await startScripted(protocol, () => response.wire);
  await using client = createClient({ transport: protocol, url: server.url, int64 });
  const call: (request: unknown) => Promise<object> = Reflect.get(client, method.name);
  const result = await call(request.plain);
  expect(server.received.map((received) => received.method)).toEqual([method.name]);
  return { result, received: normalized(method, server.received[0]?.message) };
}

/** Decodes a message anew, so that a failed comparison of plain classes shows the difference. */
function normalized({ rpc }: Method, message: Message | undefined): Message {
  if (message === undefined) throw new Error("the server received nothing");
  return fromBinary(rpc.input, toBinary(rpc.input, message));
}

/** The request of `batch` has a command for each method. The client refuses one command with several methods. */
function fillRequest(method: Method, filling: Filling): Filled {
  if (method.name !== "batch") return fillMessage(method.rpc.input, filling);
  const commands = commandMethods().map(({ name, rpc }) => {
    const { wire, plain } = fillMessage(rpc.input, { ...filling, method: name });
    return { wire: create(table.command, { [name]: wire }), plain: { [name]: plain } };
  });
  return {
    wire: create(method.rpc.input, { commands: commands.map(({ wire }) => wire), parallel: true }),
    plain: { commands: commands.map(({ plain }) => plain), parallel: true },
  };
}

function fillResponse(method: Method, filling: Filling): Filled {
  if (method.name !== "batch") {
    // The response of an RPC that is in no batch may lack a result field.
    if (method.rpc.output.field.result?.message === undefined) return fillBare(method, filling);
    const { wire, plain } = fillResult(method, filling);
    return { wire: create(method.rpc.output, { result: wire }), plain };
  }
  const replies = commandMethods().map((one) => {
    const { wire, plain } = fillResult(one, { ...filling, method: one.name });
    return { wire: create(table.reply, { [one.name]: wire }), plain: { ok: true, result: plain } };
  });
  return {
    wire: create(method.rpc.output, { replies: replies.map(({ wire }) => wire) }),
    plain: { replies: replies.map(({ plain }) => plain) },
  };
}

/** A response without a result, and without the error that would make it a failure. */
function fillBare(method: Method, filling: Filling): Filled {
  const { wire, plain } = fillMessage(method.rpc.output, filling);
  const { error: _error, ...result } = plain;
  return { wire: create(method.rpc.output, { ...wire, error: undefined }), plain: result };
}

function fillResult(method: Method, filling: Filling): Filled {
  const schema = method.rpc.output.field.result?.message;
  if (schema === undefined) throw new Error(`${method.name} has no result`);
  if (method.name !== "broadcast" || filling.shape === "full") return fillMessage(schema, filling);
  // The request has two channels, so it gets two responses.
  const one = fillMessage(schema.field.responses?.message?.field.result?.message ?? schema, filling);
  const responses = [{ result: one.wire }, { result: one.wire }];
  const item = { ok: true, result: one.plain };
  return {
    wire: create(schema, { responses }),
    plain: { ...resultOf("broadcast", { responses: [item, item] }, filling.int64) },
  };
}

function commandMethods(): Method[] {
  return table.methods.filter(({ command }) => command !== undefined);
}

function methodNamed(name: string): Method {
  const method = table.byName(name);
  if (method === undefined) throw new Error(`no method ${name}`);
  return method;
}

/** Names such as $typeName, anywhere in a result. */
function metaNames(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => [
    ...(name.startsWith("$") ? [name] : []),
    ...metaNames(inner),
  ]);
}

/** A value as JSON keeps it: of an error, only its own fields. */
function inJson(plain: unknown): unknown {
  return JSON.parse(JSON.stringify(plain));
}
