import { consumerMethods } from "../../src/schema/consumer-methods.ts";
import type { Method } from "../../src/schema/method-table.ts";
import { isRead } from "../../src/schema/reads.ts";
import { isReservedName } from "../../src/schema/reserved-names.ts";
import { commentOn } from "../generate/comment.ts";
import type { MethodShapes } from "../generate/find-shapes.ts";
import { marksOf, paragraphs } from "./marks.ts";
import type { Direction } from "./print-members.ts";
import { printMembers } from "./print-members.ts";

/** Prints the section of a method. */
export function printMethod(shapes: MethodShapes, requests: Direction, results: Direction): string[] {
  const { method, request, result } = shapes;
  const marks = marksOf(method);
  const comment = commentOn(method.command ?? method.rpc);
  return [
    `### ${method.name}`,
    ...(marks.length === 0 ? [] : [`**${marks.join(", ").replace("PRO", "Centrifugo PRO")}**`]),
    ...paragraphs(comment),
    signature(shapes),
    facts(shapes),
    request.members.length === 0 ? "The request has no fields." : printMembers(requests, request, "request"),
    result.members.length === 0 ? "The result is empty." : printMembers(results, result, "result"),
  ];
}

function signature({ method: { name }, request, result }: MethodShapes): string {
  if (isReservedName(name)) return `Only a command of a batch can have this name: \`{ ${name}: request }\`.`;
  const both = request.hasData && result.hasData;
  const argument = both ? "<Result, Params>" : request.hasData || result.hasData ? "<Data>" : "";
  const mark = request.required.length === 0 ? "?" : "";
  return `\`cent.${name}${argument}(request${mark}: ${request.name}, options?: CallOptions): Promise<${result.name}>\``;
}

/** The names of a method elsewhere, and the guides on it. */
function facts({ method, request, result }: MethodShapes): string {
  const hasKey = request.members.some(({ localName }) => localName === "idempotencyKey");
  const hasData = request.hasData || result.hasData;
  const sentences = [
    `Over HTTP it is \`POST /api/${method.path}\`, over gRPC \`${method.rpc.name}\`.`,
    isConsumerMethod(method) && `[Consumers](consumers.md) call it \`${method.path}\`.`,
    isRead(method) && "It only reads, so the client [repeats](reliability.md#retries) it after a failure.",
    hasKey && "With an `idempotencyKey` it is [safe to repeat](reliability.md#idempotency-keys).",
    hasData && "See [data](data-and-integers.md).",
  ];
  return sentences.filter((sentence) => sentence !== false).join(" ");
}

const isConsumerMethod = ({ path }: Method) => Object.hasOwn(consumerMethods, path);
