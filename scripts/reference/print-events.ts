import type { DescMessage } from "@bufbuild/protobuf";
import type { ProxyEvent } from "../../src/schema/event-table.ts";
import { commentOn, requiresPro } from "../generate/comment.ts";
import { findProxyShapes, publications } from "../generate/find-proxy-shapes.ts";
import type { Shape } from "../generate/find-shapes.ts";
import { paragraphs } from "./marks.ts";
import type { Direction } from "./print-members.ts";
import { printMembers } from "./print-members.ts";

const start = `[Proxies](proxies.md) says when Centrifugo asks about these events, and what answers mean. A name with \`?\` may be absent
from a request, or be left out of a result.`;

/** Prints the section on the events of Centrifugo's proxy, with the fields of their requests and results. */
export function printEvents(events: readonly ProxyEvent[]): string[] {
  const shapes = findProxyShapes(events);
  // The first event that has a message describes it.
  const headings = new Map<DescMessage, string>();
  for (const { name, request, result } of events)
    for (const message of [request, result])
      if (!headings.has(message)) headings.set(message, `Event ${name}`);
  const direction = (title: Direction["title"], messages: ReadonlyMap<DescMessage, Shape>): Direction => {
    const types = [...messages.values()].filter(({ message }) => !headings.has(message));
    for (const { message, name } of types) headings.set(message, headingOf(name));
    return {
      title,
      shapes,
      types,
      anchor: (message) => (headings.has(message) ? anchorOf(headings.get(message)) : undefined),
    };
  };
  // Centrifugo's requests come in as results of a client's calls do, and handlers give results as a client gives requests.
  const [got, given] = [direction("result", shapes.results), direction("request", shapes.requests)];

  const described = (event: ProxyEvent, title: string, of: Direction, message: DescMessage) => {
    const shape = (of === got ? shapes.results : shapes.requests).get(message);
    if (shape === undefined || shape.members.length === 0) return `The ${title} has no fields.`;
    const heading = headings.get(message);
    if (heading !== `Event ${event.name}`)
      return `The ${title} is the one of [\`${heading?.slice("Event ".length)}\`](#${anchorOf(heading)}).`;
    // Handlers say it with `expired()`.
    const members = shape.members.filter(({ localName }) => localName !== "expired");
    return printMembers(of, { ...shape, members }, title);
  };
  const sent = (event: ProxyEvent) =>
    publications([event], "output").map(
      (message) => `It sends [publications](#${anchorOf(headings.get(message))}) after its first answer.`,
    );
  const printEvent = (event: ProxyEvent) => [
    `### Event ${event.name}`,
    ...(requiresPro(event.rpc) ? ["**Centrifugo PRO**"] : []),
    ...paragraphs(commentOn(event.rpc)),
    ...(event.isStream
      ? sent(event)
      : [`Over HTTP it is \`POST …/${event.path}\`, over gRPC \`${event.rpc.name}\`.`]),
    described(event, "request", got, event.request),
    described(event, "result", given, event.result),
  ];
  const printType = (of: Direction) => (shape: Shape) => [
    `### ${headingOf(shape.name)}`,
    ...paragraphs(commentOn(shape.message)),
    printMembers(of, shape, "field"),
  ];
  return [
    "## Events of the proxy",
    start,
    ...events.flatMap(printEvent),
    ...[got, given].flatMap((one) => one.types.flatMap(printType(one))),
  ];
}

const headingOf = (name: string) => `Proxy type ${name}`;
const anchorOf = (heading = "") => heading.toLowerCase().replaceAll(" ", "-");
