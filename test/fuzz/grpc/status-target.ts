import { toJsonString } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { ErrorSchema } from "#api";
import { loadBinaryFormat } from "../../../src/limits/binary-format.ts";
import { checkStatus } from "../../../src/transport/grpc/check-status.ts";
import { TransportFailure } from "../../../src/transport/transport-failure.ts";
import { minimizeBytes } from "../bytes-input.ts";
import type { FuzzTarget, Growth, Outcome, Verdict } from "../fuzz-target.ts";
import { nameError } from "../fuzz-target.ts";
import type { Random } from "../random.ts";
import { expectedStatus } from "./expected-status.ts";
import type { StatusFields } from "./odd-status.ts";
import { oddHeaders, oddStatus } from "./odd-status.ts";

await loadBinaryFormat();

interface StatusInput {
  readonly header: StatusFields;
  readonly trailer: StatusFields;
  readonly growth?: Growth<StatusInput>;
}

/** Headers and trailers of a gRPC response, and the details of their error. */
export function statusTarget(): FuzzTarget<StatusInput, string[]> {
  return {
    name: "gRPC statuses",
    make(random) {
      const input = { header: oddHeaders(random), trailer: random.chance(0.8) ? oddStatus(random) : {} };
      return random.chance(0.006) ? grown(input, random) : input;
    },
    run({ header, trailer }) {
      try {
        checkStatus(header, trailer);
        return [];
      } catch (error) {
        // The client reads the details when it maps the error.
        if (error instanceof ConnectError) error.findDetails(ErrorSchema);
        throw error;
      }
    },
    judge,
    sizeOf: (input) => show(input).length,
    show,
    minimize,
    growthOf: ({ growth }) => growth,
  };
}

function judge({ header, trailer }: StatusInput, outcome: Outcome<string[]>): Verdict {
  const expected = expectedStatus(header, trailer);
  if (expected === undefined) {
    return {
      kind: "success",
      problem: "error" in outcome ? `refused: ${nameError(outcome.error)}` : undefined,
    };
  }
  const kind = expected.details.length > 0 ? "failure with details" : "failure";
  if (!("error" in outcome)) return { kind, problem: "accepted" };
  const { error } = outcome;
  const failure = error instanceof ConnectError && error.cause;
  if (!(error instanceof ConnectError && failure instanceof TransportFailure && failure.kind === "status")) {
    return { kind, problem: nameError(error) };
  }
  if (Code[error.code] === undefined) return { kind, problem: `the code ${error.code} is none` };
  const found = {
    code: error.code,
    // White space around a header's value is not part of the value.
    message: expected.message === undefined ? undefined : error.rawMessage.trim(),
    details: error.findDetails(ErrorSchema).map((detail) => toJsonString(ErrorSchema, detail)),
  };
  const [actual, wanted] = [found, { ...expected, message: expected.message?.trim() }].map((one) =>
    JSON.stringify(one),
  );
  return { kind, problem: actual === wanted ? undefined : `${actual}, not ${wanted}` };
}

const units = ["%", "%20", "%E9", "a", "A", "AAAA", "=", "+", " ", "GgA", "ggEA", "CAUaAA", "0", "5, "];

/** A status with one field of up to 64 KiB. */
function grown({ header, trailer }: StatusInput, random: Random): StatusInput {
  const name = random.pick(["grpc-status", "grpc-message", "grpc-status-details-bin"]);
  const unit = random.pick(units);
  const start = `${trailer[name] ?? ""}`;
  const times = Math.ceil(random.size(64 * 1024) / unit.length);
  const make = (count: number): StatusInput => ({
    header,
    trailer: { "grpc-status": "5", ...trailer, [name]: start + unit.repeat(count) },
  });
  return { ...make(times), growth: { shape: `${name}: ${start.slice(0, 40)}(${unit})*`, times, make } };
}

function show({ header, trailer }: StatusInput): string {
  return JSON.stringify({ header, trailer });
}

/** Removes fields, and then parts of their values. */
function minimize(input: StatusInput, fails: (smaller: StatusInput) => boolean): StatusInput {
  let least: StatusInput = { header: input.header, trailer: input.trailer };
  for (const side of ["header", "trailer"] as const) {
    for (const [name, value] of Object.entries(least[side])) {
      const withValue = (fields: StatusFields): StatusInput => ({ ...least, [side]: fields });
      const { [name]: _dropped, ...others } = least[side];
      if (fails(withValue(others))) {
        least = withValue(others);
      } else if (typeof value === "string") {
        const withText = (text: Buffer) => withValue({ ...least[side], [name]: text.toString("latin1") });
        least = withText(minimizeBytes(Buffer.from(value, "latin1"), (text) => fails(withText(text))));
      }
    }
  }
  return least;
}
