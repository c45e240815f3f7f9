import { CentApiResponseError } from "../../../src/index.ts";
import { resultOf } from "../../harness/result-of.ts";

const point = { x: 1, y: -2, inner: { note: { text: "note" } } };
const whole = {
  origin: point,
  points: [point, { x: 3, y: 0 }],
  named: { a: { x: 4, y: 0 }, __proto__x: point },
  color: 5,
  palette: [1, 0, 77],
  parts: [{ a: 1 }, "two", [3]],
  attachments: { first: { b: 2 }, second: null },
};

/** `whole` as a server sees it: proto3 does not send zero values. */
const sentWhole = { ...whole, points: [point, { x: 3 }], named: { a: { x: 4 }, __proto__x: point } };

/** The fields that a result has even if the answer has none of them. */
const noShapes = { points: [], named: {}, color: 0, palette: [], parts: [], attachments: {} };

/** A call of an RPC that 6.9.1 does not have. */
export interface NewCase {
  readonly title: string;
  readonly method: string;
  readonly request: object;
  /** The request as the server sees it, if that differs. */
  readonly seen?: object;
  readonly answer: object;
  /** The result that the client returns, if not `answer`. */
  readonly result?: object;
}

/** Fields that are set. proto3 sends the zero values among them because their fields are optional. */
const zeroes = {
  fill: 1,
  size: { case: "area", value: 12 },
  title: "",
  limit: 0,
  visible: false,
  border: 0,
  extra: { x: 1 },
  ratio: 0.5,
};

export const cases: readonly NewCase[] = [
  {
    title: "without bytes and 64-bit integers",
    method: "ping",
    request: { text: "hi" },
    answer: { text: "ho" },
  },
  {
    title: "with bytes, their base64 sibling and 64-bit integers",
    method: "archive",
    request: { channel: "a", data: { deep: [1] }, version: 2 ** 53 - 1, shift: -5, positions: [1, -2] },
    answer: { offset: 7, data: { deep: [2] }, positions: [3, 4] },
  },
  {
    title: "with binary data in a field with a base64 sibling, and integers beyond 2^53",
    method: "archive",
    request: { channel: "a", data: new Uint8Array([1, 255]), version: 2n ** 64n - 1n },
    answer: { offset: 1, data: "text" },
    result: { offset: 1, data: "text", positions: [] },
  },
  {
    title: "with a name such as HTTPStats, and maps of messages",
    method: "httpStats",
    request: {},
    answer: { routes: { "/api": { count: 3, meanMs: 1.5 } }, byStatus: { 200: 3, 404: 1 } },
  },
  {
    title: "with messages of another RPC",
    method: "markRead",
    request: { channel: "a", offset: 3 },
    answer: { changed: true },
  },
  {
    title: "with the same messages again",
    method: "markUnread",
    request: { channel: "b" },
    answer: { changed: false },
  },
  {
    title: "with nested messages, enums, repeated bytes, optional fields and a oneof of a 64-bit integer",
    method: "shapes",
    request: { ...whole, ...zeroes },
    seen: { ...sentWhole, ...zeroes },
    answer: { ...whole, size: { case: "area", value: 12 }, title: "", limit: 0, border: 0 },
    result: { ...whole, size: { case: "area", value: 12 }, title: "", limit: 0, border: 0, each: [] },
  },
  {
    title: "with a oneof of a message, and items within a result",
    method: "shapes",
    request: { size: { case: "extent", value: { x: 9, y: 0 } } },
    seen: { size: { case: "extent", value: { x: 9 } } },
    answer: {
      size: { case: "extent", value: { x: 9, y: 0 } },
      each: [{ result: {} }, { error: { code: 102, message: "unknown channel" } }],
    },
    result: {
      ...noShapes,
      size: { case: "extent", value: { x: 9, y: 0 } },
      each: [
        { ok: true, result: { ...noShapes, size: { case: undefined }, each: [] } },
        {
          ok: false,
          error: new CentApiResponseError(102, "unknown channel", { method: "shapes", attempts: 1 }),
        },
      ],
    },
  },
  {
    title: "with a oneof that is left open",
    method: "shapes",
    request: { size: { case: undefined } },
    seen: {},
    answer: { ...whole, size: { case: undefined } },
    result: { ...whole, size: { case: undefined }, each: [] },
  },
  {
    title: "with a oneof of bytes",
    method: "shapes",
    request: { size: { case: "custom", value: { any: "json" } } },
    answer: { ...whole, size: { case: "custom", value: ["json"] } },
    result: { ...whole, size: { case: "custom", value: ["json"] }, each: [] },
  },
  {
    title: "that cannot be in a batch",
    method: "getUrlMap",
    request: { prefix: "/", data: [1] },
    answer: { urls: { a: "/a" }, data: { b: 1 } },
  },
  {
    title: "that is deprecated, cannot be in a batch, and has its result's fields beside the error",
    method: "health",
    request: {},
    answer: { status: "fine", uptime: 12 },
  },
  {
    title: "that gained a base64 sibling",
    method: "rpc",
    request: { method: "m", params: new Uint8Array([0, 200]) },
    answer: { data: 1 },
    result: resultOf("rpc", { data: 1 }),
  },
];
