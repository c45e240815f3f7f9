import type { DescMessage } from "@bufbuild/protobuf";
import type { GeneratedFile } from "@bufbuild/protoplugin";
import type { ProxyEvent } from "../../src/schema/event-table.ts";
import { commentOn } from "./comment.ts";
import { resultName } from "./field-type.ts";
import type { Shapes } from "./find-shapes.ts";

/** The types of `src/proxy/handler-types.ts`, by what an answer is about. */
const handlers = {
  connect: "ConnectHandler",
  access: "AccessHandler",
  expiry: "ExpiryHandler",
  report: "ReportHandler",
  stream: "StreamHandler",
  keyed: "HandlersByPattern",
  denial: "Denial",
};

/** Prints the interface of all handlers, and maps from the events to the types of their requests and results. */
export function printHandlers(
  file: GeneratedFile,
  events: readonly ProxyEvent[],
  shapes: Shapes,
  { root, types }: { root: string; types: string },
): void {
  const used = new Set<string>();
  const use = (name: string) => {
    used.add(name);
    return name;
  };
  const sent = (message: DescMessage) => use(shapes.requests.get(message)?.name ?? "never");
  const received = (message: DescMessage, int64: "number" | "bigint" = "number") => {
    const shape = shapes.results.get(message);
    return use(shape === undefined ? "never" : resultName(shape, int64));
  };
  const byInt64 = (message: DescMessage) =>
    shapes.results.get(message)?.hasBigint
      ? `{ number: ${received(message)}; bigint: ${received(message, "bigint")} }[Int64]`
      : received(message);
  const handler = (event: ProxyEvent) => {
    const { request, result, response, rpc, about } = event;
    const both = `${byInt64(request)}, ${sent(result)}`;
    const { publication: out } = rpc.output.field;
    if (event.isStream && out?.message !== undefined) {
      const coming = rpc.input.field.publication?.message;
      const parts = [both, sent(out.message), ...(coming === undefined ? [] : [received(coming)])];
      return `${handlers.stream}<${parts.join(", ")}>`;
    }
    const refusal = response.field.error === undefined ? "never" : handlers.denial;
    return `${handlers[about]}<${both}${about === "report" ? `, ${refusal}` : ""}>`;
  };
  const members = events.map((event) => {
    const type = event.key === undefined ? handler(event) : `${handlers.keyed}<${handler(event)}>`;
    return `  readonly ${event.name}?: ${type} | undefined;`;
  });
  const requests = events.map(({ name, request }) => `  ${name}: ${byInt64(request)};`);
  const results = events.map(({ name, result }) => `  ${name}: ${sent(result)};`);

  file.print(
    `import type { ${Object.values(handlers).sort().join(", ")} } from "${root}src/proxy/handler-types.ts";`,
  );
  file.print(`import type { ${[...used].sort().join(", ")} } from "${types}";`);
  const print = (
    comment: string,
    name: string,
    lines: readonly string[],
    comments: readonly string[] = [],
  ) => {
    file.print();
    file.print(file.jsDoc(comment));
    file.print(file.export("interface", name), " {");
    for (const [index, line] of lines.entries()) {
      if (comments[index]) file.print(file.jsDoc(comments[index], "  "));
      file.print(line);
    }
    file.print("}");
  };
  const int64 = '<Int64 extends "number" | "bigint" = "number">';
  const comments = events.map(({ rpc }) => commentOn(rpc));
  print(
    "The handlers of a proxy. An event without a handler is refused.",
    `ProxyHandlers${int64}`,
    members,
    comments,
  );
  print("The request of each event, as its handler gets it.", `EventRequests${int64}`, requests);
  print("The result of each event, as its handler gives it.", "EventResults", results);
}
