import { expect } from "vitest";
import type { CentClient, DefaultService } from "../../src/index.ts";
import { CentApiResponseError, CentError, CentTransportError } from "../../src/index.ts";
import type { RandomCall } from "../harness/random-calls.ts";
import type { ServerUnderTest, TransportName } from "./servers.ts";
import { clientOf } from "./servers.ts";

type Client = CentClient<DefaultService, "bigint">;

/** One of the two servers: its clients, and its epochs in this sequence. */
interface Side {
  readonly clients: Readonly<Record<TransportName, Client>>;
  /** The last epoch of each channel. */
  readonly epochs: Map<string, string>;
  /** A label for each epoch, numbered in order of appearance. */
  readonly labels: Map<string, string>;
}

/** A result, or the comparable parts of an error. */
type Outcome = { readonly result: unknown } | { readonly error: Readonly<Record<string, unknown>> };

/** Two servers that get the same calls. */
export class PairedServers implements AsyncDisposable {
  readonly #clients: readonly [Side["clients"], Side["clients"]];

  constructor(first: ServerUnderTest, second: ServerUnderTest) {
    this.#clients = [clientsOf(first), clientsOf(second)];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#clients.flatMap(({ http, grpc }) => [http.close(), grpc.close()]));
  }

  /** Makes the calls on both servers in order, and expects equal outcomes. */
  async compare(calls: readonly RandomCall[], run: string): Promise<void> {
    const [first, second] = this.#clients.map(
      (clients): Side => ({ clients, epochs: new Map(), labels: new Map() }),
    ) as [Side, Side];
    for (const [index, { method, request, over }] of calls.entries()) {
      const asked = [resolve(request, run, first), resolve(request, run, second)] as const;
      const outcomes = await Promise.all([
        call(first.clients[over[0]], method, asked[0]),
        call(second.clients[over[1]], method, asked[1]),
      ]);
      const seen = [
        labelled(seenOver(over[1], method, outcomes[0]), first),
        labelled(seenOver(over[0], method, outcomes[1]), second),
      ];
      expect(seen[1], `call ${index}, ${method} over ${over.join(" and ")}`).toEqual(seen[0]);
      if (!outcomes.every((outcome) => "result" in outcome)) continue;
      [first, second].forEach((side, place) => {
        learnEpochs(method, asked[place] ?? {}, outcomes[place], side.epochs);
      });
    }
  }
}

function clientsOf(server: ServerUnderTest): Side["clients"] {
  return {
    http: clientOf(server, "http", { int64: "bigint" }),
    grpc: clientOf(server, "grpc", { int64: "bigint" }),
  };
}

async function call(client: Client, method: string, request: unknown): Promise<Outcome> {
  const run: unknown = Reflect.get(client, method);
  if (typeof run !== "function") throw new Error(`the client has no method ${method}`);
  try {
    return { result: comparable(await run.call(client, request)) };
  } catch (error) {
    if (!(error instanceof CentError)) throw error;
    return { error: describeError(error) };
  }
}

function describeError(error: CentError): Record<string, unknown> {
  const { name, method } = error;
  if (error instanceof CentApiResponseError)
    return { name, method, code: error.code, message: error.message };
  return { name, method };
}

/** A result without values that depend on time or machine. */
function comparable(value: unknown, name = ""): unknown {
  if (name === "time" && typeof value === "bigint") {
    return Math.abs(Number(value) - Date.now()) < 60_000 ? "now" : value;
  }
  if (name === "nodes" && Array.isArray(value)) return value.map((node) => Object.keys(node).sort());
  if (value instanceof CentError) return describeError(value);
  if (value instanceof Uint8Array) return value;
  if (Array.isArray(value)) return value.map((item) => comparable(item));
  return isObject(value) ? mapValues(value, comparable) : value;
}

/** The outcome over a transport. Over HTTP, a server cannot answer with data that is not JSON. */
function seenOver(transport: TransportName, method: string, outcome: Outcome): Outcome {
  if (transport === "grpc" || "error" in outcome || !holdsBytes(outcome.result)) return outcome;
  return { error: { name: CentTransportError.name, method } };
}

function holdsBytes(value: unknown): boolean {
  if (value instanceof Uint8Array) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(holdsBytes);
}

/** An outcome with labels instead of epochs. Equal epochs have equal labels. */
function labelled(outcome: Outcome, { labels }: Side): unknown {
  const replace = (value: unknown, name = ""): unknown => {
    if (name === "epoch" && typeof value === "string" && /^[a-zA-Z]{8}$/.test(value)) {
      labels.set(value, labels.get(value) ?? `epoch ${labels.size}`);
      return labels.get(value);
    }
    if (value instanceof Uint8Array) return value;
    if (Array.isArray(value)) return value.map((item) => replace(item));
    return isObject(value) ? mapValues(value, replace) : value;
  };
  return replace(outcome);
}

/** A request for one server, with its epochs. */
function resolve(request: RandomCall["request"], run: string, side: Side): Record<string, unknown> {
  const inRun = (text: string) => text.replaceAll("{run}", run);
  const replace = (value: unknown, channel: string): unknown => {
    if (value === "{epoch}") return side.epochs.get(channel) ?? "unknown";
    if (typeof value === "string") return inRun(value);
    if (value instanceof Uint8Array) return value;
    if (Array.isArray(value)) return value.map((item) => replace(item, channel));
    if (!isObject(value)) return value;
    const own = typeof value.channel === "string" ? inRun(value.channel) : channel;
    return mapValues(value, (member) => replace(member, own));
  };
  return replace(request, "") as Record<string, unknown>;
}

/** Remembers the epochs of a result. */
function learnEpochs(
  method: string,
  request: Readonly<Record<string, unknown>>,
  outcome: unknown,
  epochs: Map<string, string>,
): void {
  if (!isObject(outcome) || !isObject(outcome.result)) return;
  const { result } = outcome;
  if (method === "batch") {
    (request.commands as Record<string, Record<string, unknown>>[]).forEach((command, index) => {
      const [[name, inner] = ["", {}]] = Object.entries(command);
      learnEpochs(name, inner, (result.replies as unknown[])[index], epochs);
    });
  } else if (method === "broadcast") {
    (request.channels as string[]).forEach((channel, index) => {
      learnEpochs("publish", { channel }, (result.responses as unknown[])[index], epochs);
    });
  } else if (typeof result.epoch === "string" && result.epoch !== "") {
    epochs.set(String(request.channel), result.epoch);
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function mapValues(
  object: Readonly<Record<string, unknown>>,
  map: (value: unknown, name: string) => unknown,
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, map(value, name)]));
}
