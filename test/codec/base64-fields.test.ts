import { create } from "@bufbuild/protobuf";
import { expect, test } from "vitest";
import { MapPublishResultSchema, RPCRequestSchema } from "../../gen/centrifugal/centrifugo/proxy/proxy_pb.ts";
import { decodeBase64Fields } from "../../src/codec/base64-fields.ts";

test("each base64 field goes into its sibling, and replaces it", () => {
  const message = create(MapPublishResultSchema, { b64data: "AAE=", b64streamData: "/w==" });
  decodeBase64Fields(MapPublishResultSchema, message);
  expect(message).toMatchObject({ data: new Uint8Array([0, 1]), streamData: new Uint8Array([255]) });
  const both = create(RPCRequestSchema, { data: new Uint8Array([7]), b64data: "AAE=" });
  decodeBase64Fields(RPCRequestSchema, both);
  expect(both.data).toEqual(new Uint8Array([0, 1]));
});

test("empty base64 fields leave their siblings alone", () => {
  const message = create(RPCRequestSchema, { data: new Uint8Array([7]) });
  decodeBase64Fields(RPCRequestSchema, message);
  expect(message.data).toEqual(new Uint8Array([7]));
});

test("other text is an error with the field's name", () => {
  const message = create(RPCRequestSchema, { b64data: "not base64!" });
  expect(() => decodeBase64Fields(RPCRequestSchema, message)).toThrow("b64data: is not base64");
});
