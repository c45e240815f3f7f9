import { isUtf8 } from "node:buffer";
import type { Message } from "@bufbuild/protobuf";
import { readMessage } from "../../../src/codec/json/read-message.ts";
import { decodeUtf8 } from "../../../src/codec/json-bytes.ts";
import { JsonReadError } from "../../../src/codec/path-error.ts";
import { isJson } from "../../harness/is-json.ts";
import type { BytesInput } from "../bytes-input.ts";
import { ofBytes } from "../bytes-input.ts";
import { jsonSamples } from "../corpus.ts";
import type { FuzzTarget, Outcome, Verdict } from "../fuzz-target.ts";
import { nameError, outcomeOf } from "../fuzz-target.ts";
import { mutateBytes } from "../mutate-bytes.ts";
import { findDifference } from "./compare-message.ts";
import type { ExpectedMessage } from "./expectation.ts";
import { Refusal } from "./expectation.ts";
import { ExpectedReader } from "./expected-reader.ts";
import { grownJson } from "./grown-json.ts";
import { splitJson } from "./json-tokens.ts";
import { differsFromParsed, jsonTree } from "./json-tree.ts";
import { mutateJson } from "./mutate-json.ts";

/** The bytes of a response over HTTP, read as the transport reads them. JSON.parse is the oracle. */
export function jsonTarget(seed: number, samplesPerType: number): FuzzTarget<BytesInput, Message> {
  const samples = jsonSamples(seed, samplesPerType).map((sample) => ({
    ...sample,
    tokens: splitJson(sample.bytes.toString()),
  }));
  return {
    name: "JSON reader",
    make(random) {
      const sample = random.pick(samples);
      if (random.chance(0.006)) return grownJson(sample, random);
      const other = random.pick(samples);
      const schema = random.chance(0.02) ? other.schema : sample.schema;
      const isChanged = random.chance(0.8);
      const text = isChanged ? mutateJson(sample.tokens, other.tokens, random) : sample.bytes.toString();
      const bytes = Buffer.from(text);
      return { schema, bytes: random.chance(0.35) ? mutateBytes(bytes, other.bytes, random) : bytes };
    },
    run: ({ schema, bytes }) => readMessage(schema, decodeUtf8(bytes), bytes),
    judge,
    ...ofBytes,
  };
}

function judge({ schema, bytes }: BytesInput, outcome: Outcome<Message>): Verdict {
  const error = "error" in outcome ? outcome.error : undefined;
  const isRefused = error instanceof JsonReadError;
  if (!isUtf8(bytes)) {
    return { kind: "no UTF-8", problem: error instanceof TypeError ? undefined : wrong("UTF-8", outcome) };
  }
  const text = bytes.toString();
  if (!isJson(text)) return { kind: "no JSON", problem: isRefused ? undefined : wrong("JSON", outcome) };
  const { root, isComparable } = jsonTree(text);
  if (isComparable) {
    const place = differsFromParsed(text, root);
    if (place !== undefined) return { kind: "oracle", problem: `the oracle misreads position ${place}` };
  }
  const expected = outcomeOf(() => new ExpectedReader(text).message(schema, root));
  if ("error" in expected) return judgeRefusal(expected.error, error, isRefused);
  if (!("value" in outcome)) return { kind: "read", problem: `refused: ${nameError(error)}` };
  return { kind: "read", problem: difference(expected.value, outcome.value, isComparable) };
}

function judgeRefusal(refusal: unknown, error: unknown, isRefused: boolean): Verdict {
  if (!(refusal instanceof Refusal)) throw refusal;
  const isSame = isRefused && (error as JsonReadError).message === refusal.message;
  const found = error === undefined ? "accepted" : nameError(error);
  return { kind: "wrong value", problem: isSame ? undefined : `${found}, instead of: ${refusal.message}` };
}

function wrong(what: string, outcome: Outcome<unknown>): string {
  return "error" in outcome
    ? `${nameError(outcome.error)}, for no ${what}`
    : `accepted, though it is no ${what}`;
}

function difference(expected: ExpectedMessage, found: Message, isComparable: boolean): string | undefined {
  const place = findDifference(expected, found, isComparable);
  return place === undefined ? undefined : `read wrong: message${place}`;
}
