import type { DescMessage } from "@bufbuild/protobuf";
import type { ProxyEvent } from "../../src/schema/event-table.ts";
import type { Shapes } from "./find-shapes.ts";
import { reachable, requestShape, resultShape, typeName } from "./find-shapes.ts";

/**
 * Finds the messages that handlers of the proxy get and give. The directions are those of a client the other way round:
 * Centrifugo's requests are read as results are, and results are written as requests are.
 */
export function findProxyShapes(events: readonly ProxyEvent[]): Shapes {
  const asItIs = (message: DescMessage) => message;
  const got = reachable([...events.map(({ request }) => request), ...publications(events, "input")], asItIs);
  const given = reachable([...events.map(({ result }) => result), ...publications(events, "output")], asItIs);
  const name = (message: DescMessage) =>
    got.includes(message) ? `${typeName(message)}Input` : typeName(message);
  return {
    methods: [],
    requests: new Map(given.map((message) => [message, requestShape(message, name(message), [])])),
    results: new Map(got.map((message) => [message, { ...resultShape(message), hasData: false }])),
    takesDates: true,
  };
}

/** The messages in the streams of a direction. */
export function publications(events: readonly ProxyEvent[], direction: "input" | "output"): DescMessage[] {
  return events.flatMap(({ rpc }) => rpc[direction].field.publication?.message ?? []);
}
