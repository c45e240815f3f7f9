import type { DescMessage } from "@bufbuild/protobuf";
import type { ProxyEvent } from "../../src/schema/event-table.ts";
import type { MethodTable } from "../../src/schema/method-table.ts";
import { commentOn } from "../generate/comment.ts";
import type { Shape, Shapes } from "../generate/find-shapes.ts";
import { findShapes } from "../generate/find-shapes.ts";
import { withBatch } from "./batch-shapes.ts";
import { marksOf, paragraphs } from "./marks.ts";
import { printEvents } from "./print-events.ts";
import type { Direction } from "./print-members.ts";
import { printMembers } from "./print-members.ts";
import { printMethod } from "./print-method.ts";

const start = `# All methods

\`\`\`ts
import { createClient } from "tscent";

const cent = createClient({ url: "http://localhost:8000/api", apiKey: "api_key" });
try {
  const { offset } = await cent.publish({ channel: "chat", data: { text: "hi" } });
  console.log(offset);
} finally {
  await cent.close();
}
\`\`\``;

const notes = `- A name with \`?\`, such as \`skipHistory?\`, may be left out of a request, or be absent from a result. The server requires
  the other fields of a request.
- \`Data\` and \`unknown\` stand for any JSON value, or a \`Uint8Array\`. A type argument names the type of the data, as in
  \`cent.history<{ text: string }>({ channel: "chat" })\`. See [data](data-and-integers.md).
- A number with "64 bits" is a bigint in the results of a client with \`int64: "bigint"\`.
- \`BatchCommand\` is one method with its request: \`{ publish: { channel: "chat", data: 1 } }\`. \`Item<Result>\` is
  \`{ ok: true, result }\` or \`{ ok: false, error }\`. See [many calls](many-calls.md).
- Every method takes [call options](client-options.md#options-of-one-call) and rejects with an [error](errors.md).
- An open-source server answers a method of Centrifugo PRO with \`CentUnimplementedError\`.`;

/** Prints the page of all methods and all events, with their fields. */
export function printReference(
  table: MethodTable,
  release: string | undefined,
  events: readonly ProxyEvent[],
): string {
  const found = findShapes(table);
  const shapes = withBatch(table, found);
  const requests = direction("request", shapes, found.requests);
  const results = direction("result", shapes, found.results);
  const rows = shapes.methods.map(({ method }) => {
    const [sentence = ""] = paragraphs(commentOn(method.rpc))
      .join(" ")
      .split(/(?<=\.)\s+(?=[A-Z`])/);
    return `| [\`${method.name}\`](#${anchorOf(method.name)}) | ${sentence} | ${marksOf(method).join(", ")} |`;
  });
  return `${[
    start,
    `This page has all methods of Centrifugo${release === undefined ? "" : ` ${release}`}, and the [events of its proxy](#events-of-the-proxy). \`npm run docs\` writes it from the schema, whose comments editors show, too.`,
    notes,
    "## Contents",
    ["| method | what it does | |", "| --- | --- | --- |", ...rows].join("\n"),
    "## Methods",
    ...shapes.methods.flatMap((method) => printMethod(method, requests, results)),
    "## Types",
    ...[requests, results].flatMap((one) => one.types.flatMap((shape) => printType(one, shape))),
    ...(events.length === 0 ? [] : printEvents(events)),
  ].join("\n\n")}\n`;
}

/** The page describes a message below the first method that has it, or below a heading of its own. */
function direction(
  title: "request" | "result",
  shapes: Shapes,
  messages: ReadonlyMap<DescMessage, Shape>,
): Direction {
  const headings = new Map<DescMessage, string>();
  for (const one of shapes.methods)
    if (!headings.has(one[title].message)) headings.set(one[title].message, one.method.name);
  const types = [...messages.values()].filter(({ message }) => !headings.has(message));
  for (const shape of types) headings.set(shape.message, headingOf(shape));
  const anchor = (message: DescMessage) => {
    const heading = headings.get(message);
    return heading === undefined ? undefined : anchorOf(heading);
  };
  return { title, shapes, types, anchor };
}

function printType(of: Direction, shape: Shape): string[] {
  return [
    `### ${headingOf(shape)}`,
    ...paragraphs(commentOn(shape.message)),
    printMembers(of, shape, "field"),
  ];
}

const headingOf = ({ name }: Shape) => `Type ${name}`;
const anchorOf = (heading: string) => heading.toLowerCase().replaceAll(" ", "-");
