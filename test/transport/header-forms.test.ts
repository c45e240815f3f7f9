import { create } from "@bufbuild/protobuf";
import { expect, test } from "vitest";
import { CentrifugoApi, PublishRequestSchema } from "#api";
import { createUnaryTransport } from "../../src/transport/unary-transport.ts";

const { publish } = CentrifugoApi.method;

/** The headers that a transport sends for the headers that it is given. */
async function sentFor(headers: HeadersInit | undefined): Promise<Readonly<Record<string, string>>> {
  const sent: Readonly<Record<string, string>>[] = [];
  const { transport } = createUnaryTransport({
    roundTrip({ header }, call) {
      sent.push(header);
      call.resolve({} as never);
    },
    interceptors: [],
    url: () => "http://centrifugo.test",
    close: async () => {},
  });
  await transport.unary(publish, undefined, undefined, headers, create(PublishRequestSchema));
  return sent[0] ?? expect.fail();
}

test("a transport takes headers in each form that Connect has", async () => {
  const record = { "x-a": "1", "x-b": "2" };
  const withoutPrototype: Record<string, string> = Object.assign(Object.create(null), record);
  for (const headers of [
    record,
    withoutPrototype,
    new Headers(record),
    Object.entries(record),
  ] as HeadersInit[])
    expect({ ...(await sentFor(headers)) }).toEqual(record);
  expect(await sentFor(undefined)).toEqual({});
});

test("a transport joins a header that a list has twice, whatever its case", async () => {
  expect(
    await sentFor([
      ["X-A", "1"],
      ["x-a", "2"],
    ]),
  ).toEqual({ "x-a": "1, 2" });
});
