import { create } from "@bufbuild/protobuf";
import { expect, test, vi } from "vitest";
import { CentrifugoApi, InfoResponseSchema } from "#api";
import { wireResponse } from "../../src/transport/wire-messages.ts";

const { info } = CentrifugoApi.method;
const message = create(InfoResponseSchema);

test("a response makes its headers and trailers on demand, once", () => {
  const makeHeader = vi.fn(() => new Headers({ "x-a": "1" }));
  const makeTrailer = vi.fn(() => new Headers({ "x-b": "2" }));
  const response = wireResponse(info, message, makeHeader, makeTrailer);
  expect([makeHeader.mock.calls.length, makeTrailer.mock.calls.length]).toEqual([0, 0]);
  expect([response.header.get("x-a"), response.trailer.get("x-b")]).toEqual(["1", "2"]);
  expect([response.header, response.trailer]).toEqual([response.header, response.trailer]);
  expect([makeHeader.mock.calls.length, makeTrailer.mock.calls.length]).toEqual([1, 1]);
});

test("a copy of a response has all that Connect's has, without trailers if there are none", () => {
  const header = new Headers();
  expect({ ...wireResponse(info, message, () => header) }).toEqual({
    stream: false,
    service: CentrifugoApi,
    method: info,
    message,
    header,
    trailer: new Headers(),
  });
});
