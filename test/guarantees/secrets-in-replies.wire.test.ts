import { inspect } from "node:util";
import { create } from "@bufbuild/protobuf";
import { ConnectError } from "@connectrpc/connect";
import { describe, expect, test } from "vitest";
import { BatchResponseSchema, BroadcastResponseSchema, InfoResponseSchema } from "#api";
import type { CentClient, CentError, ClientOptions } from "../../src/index.ts";
import { createClient, failures, unwrap } from "../../src/index.ts";
import { errorsOf, three } from "../harness/batching-set-up.ts";
import { clientOf, rejection } from "../harness/expected-error.ts";
import type { StartServer } from "../harness/misbehaving-server.ts";
import { ofGrpcHeaders, ofReply } from "../harness/misbehaving-server.ts";
import { encodeStatus } from "../harness/rpc-status.ts";
import type { Protocol } from "../harness/scripted-server.ts";
import { protocols, startScripted } from "../harness/scripted-server.ts";

const secret = "s3cr3t-of-this-test";

/** Everything that inspect, JSON and stacks show of values, at any depth. */
function seen(...values: unknown[]): string {
  return values
    .flatMap((value) => [
      inspect(value, { depth: Infinity, showHidden: true, getters: true }),
      JSON.stringify(value),
      value instanceof Error ? `${value.stack}` : "",
    ])
    .join("\n");
}

/** Replies with an error status whose message, headers and details show the key. */
function showing(): Record<Protocol, StartServer> {
  const details = Buffer.from(
    encodeStatus(14, `you sent ${secret}`, { code: 100, message: `who is ${secret}?` }),
  );
  return {
    http: ofReply(503, `you sent apikey ${secret}`, { "x-echo": `apikey ${secret}`, "retry-after": "0" }),
    grpc: ofGrpcHeaders({
      "grpc-status": 14,
      "grpc-message": `you sent ${secret}`,
      "grpc-status-details-bin": details.toString("base64"),
      "x-echo": `apikey ${secret}`,
    }),
  };
}

describe.each(protocols)("%s: a key in a reply", (protocol) => {
  const clientTo = (port: number, options: Partial<Omit<ClientOptions, "int64" | "service">> = {}) =>
    clientOf(protocol, { port }, { apiKey: secret, ...options });

  async function errorOf(client: CentClient): Promise<CentError> {
    return (await rejection(client.info())) as CentError;
  }

  test("an error hides the key in its headers, metadata, details and JSON", async () => {
    await using server = await showing()[protocol]();
    await using client = clientTo(server.port);
    const error = await errorOf(client);
    expect(error.headers?.["x-echo"]).toBe("apikey (secret)");
    const cause = error.cause as ConnectError;
    expect(cause).toBeInstanceOf(ConnectError);
    expect(seen(error, cause, [...cause.metadata], cause.details)).not.toContain(secret);
    const details = cause.details as { value?: Uint8Array }[];
    expect(details).toHaveLength(protocol === "http" ? 0 : 1);
    for (const { value } of details) {
      const shown = Buffer.from(value ?? []).toString("latin1");
      expect(shown).toContain(`who is ${"*".repeat(secret.length)}?`);
      expect(shown).not.toContain(secret);
    }
  });

  test("the errors of calls that share a failed batch hide the key", async () => {
    await using server = await showing()[protocol]();
    await using client = clientTo(server.port, { batching: true });
    const errors = await errorsOf(three(client));
    const message = expect.stringMatching(/\(secret\)|who is \*+\?/);
    expect(errors).toMatchObject(Array(3).fill({ message }));
    expect(seen(...errors, ...errors.map((error) => (error as CentError).headers))).not.toContain(secret);
  });

  test("onRetry gets errors that hide the key", async () => {
    await using server = await showing()[protocol]();
    const told: CentError[] = [];
    const retry = { baseDelayMs: 1, onRetry: ({ error }: { error: CentError }) => told.push(error) };
    await using client = clientTo(server.port, { retry });
    const error = await errorOf(client);
    expect(told).toHaveLength(2);
    expect(seen(...told, ...told.map(({ headers }) => headers), error)).not.toContain(secret);
  });

  test("an error hides each key that a function gave for the attempts of its call", async () => {
    await using server = await showing()[protocol]();
    const keys = [secret, "another-key-2"];
    const retry = { baseDelayMs: 1, maxAttempts: 2 };
    await using client = clientTo(server.port, { retry, apiKey: () => keys.shift() ?? expect.fail() });
    const shown = seen(await errorOf(client));
    expect(shown).not.toContain(secret);
    expect(shown).toContain("(secret)");
    expect(keys).toEqual([]);
  });

  const error = { code: 100, message: `who is ${secret}?` };

  test("onRetry gets API errors that hide the key", async () => {
    await using server = await startScripted(protocol, () => create(InfoResponseSchema, { error }));
    const told: CentError[] = [];
    const retry = { baseDelayMs: 1, onRetry: (one: { error: CentError }) => told.push(one.error) };
    await using client = clientTo(server.port, { retry });
    const last = await errorOf(client);
    expect(told).toMatchObject(Array(2).fill({ code: 100, serverMessage: "who is (secret)?" }));
    expect(seen(...told, last)).not.toContain(secret);
  });

  test("items of a broadcast hide the key, and so does the error that unwrap throws", async () => {
    await using server = await startScripted(protocol, () =>
      create(BroadcastResponseSchema, { result: { responses: [{ error }, { result: {} }] } }),
    );
    await using client = clientTo(server.port);
    const { responses } = await client.broadcast({ channels: ["a", "b"], data: 1 });
    const thrown = await rejection(Promise.resolve().then(() => unwrap(responses)));
    expect(failures(responses)).toMatchObject([{ error: { serverMessage: "who is (secret)?" } }]);
    expect(seen(responses, thrown)).not.toContain(secret);
  });

  test("items of a batch or a run hide the key, and so do calls that share a batch", async () => {
    await using server = await startScripted(protocol, () =>
      create(BatchResponseSchema, { replies: [{ error }, { error }] }),
    );
    const publish = { channel: "a", data: 1 };
    await using client = clientTo(server.port, { batching: true });
    const { replies } = await client.batch({ commands: [{ publish }, { publish }] });
    const shared = await Promise.all([1, 2].map(() => rejection(client.publish(publish))));
    const items: unknown[] = [];
    for await (const item of client.publishMany([publish, publish])) items.push(item);
    expect(items).toMatchObject([{ ok: false }, { ok: false }]);
    expect(seen(replies, ...shared, items)).not.toContain(secret);
  });

  test("a call's error hides the key that an interceptor's error shows, whose objects stay unchanged", async () => {
    const held = { authorization: `apikey ${secret}` };
    const thrown = Object.assign(new Error(`failed with apikey ${secret}`), { held });
    const interceptors = [
      () => () => {
        throw thrown;
      },
    ];
    await using client = clientTo(1, { interceptors });
    expect(seen(await errorOf(client))).not.toContain(secret);
    expect(held.authorization).toBe(`apikey ${secret}`);
  });
});

test("a caller's abort reason stays unchanged, though it shows the key", async () => {
  for (const batching of [false, true]) {
    const fetch = () => new Promise<Response>(() => {});
    const options = { url: "http://localhost/api", apiKey: secret, http: { fetch }, batching };
    await using client = createClient(options);
    const controller = new AbortController();
    const reason = new Error(`no more of ${secret}`, { cause: new Error(secret) });
    const calls = [1, 2].map((data) =>
      rejection(client.publish({ channel: `${data}`, data }, { signal: controller.signal })),
    );
    await new Promise((resolve) => setTimeout(resolve, 5));
    controller.abort(reason);
    expect(await Promise.all(calls)).toEqual([reason, reason]);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect([reason.message, (reason.cause as Error).message]).toEqual([`no more of ${secret}`, secret]);
  }
});
