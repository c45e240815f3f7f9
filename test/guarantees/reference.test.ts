import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { CentrifugoApi } from "#api";
import { proMethods } from "../../gen/centrifugal/centrifugo/api/pro_methods.ts";
import { CentrifugoProxy } from "../../gen/centrifugal/centrifugo/proxy/proxy_pb.ts";
import { eventTable } from "../../src/schema/event-table.ts";
import { methodTable } from "../../src/schema/method-table.ts";

const page = readFileSync("docs/reference.md", "utf8");
const types = readFileSync("gen/centrifugal/centrifugo/api/api_types.ts", "utf8");
const proxyTypes = readFileSync("gen/centrifugal/centrifugo/proxy/proxy_types.ts", "utf8");
const sections = new Map(
  page.split(/^### /m).map((text) => [text.slice(0, text.indexOf("\n")), text] as const),
);
const { methods } = methodTable(CentrifugoApi);

/** The fields of a table below a title, with their types: `version?: number | bigint`. */
function fieldsOn(section: string | undefined, title: string): string[] {
  const [, rows = ""] = section?.split(`| ${title} | type | |\n| --- | --- | --- |\n`) ?? [];
  const [table = ""] = rows.split("\n\n");
  return [...table.matchAll(/^\| `(\S+)` \| \[?`(.*?)`/gm)].map(
    ([, name, type = ""]) => `${name}: ${type.replaceAll("\\|", "|")}`,
  );
}

/** The members of a generated interface in the same form. */
function membersOf(name: string, types: string): string[] {
  const [, body = ""] = RegExp(`^export interface ${name}(?:<.*>)? \\{\n([^]*?)^\\}`, "m").exec(types) ?? [];
  return [...body.matchAll(/^ {2}(?:readonly )?(\w+\??): (.*);$/gm)].map(([, member, type = ""]) =>
    `${member}: ${type}`.replaceAll("readonly ", "").replace(/ \| undefined$/, ""),
  );
}

test("the page describes each method of the schema", () => {
  expect(methods.length).toBeGreaterThanOrEqual(40);
  const described = [...sections.keys()].filter((name) => /^\w+$/.test(name));
  expect(described.sort()).toEqual(methods.map(({ name }) => name).sort());
  for (const { name, path, rpc } of methods) {
    expect(page).toContain(`\n| [\`${name}\`](#${name.toLowerCase()}) | `);
    expect(sections.get(name)).toContain(`\`POST /api/${path}\`, over gRPC \`${rpc.name}\``);
  }
});

test("the page marks the methods of Centrifugo PRO, and no others", () => {
  const marked = methods.filter(({ name }) => sections.get(name)?.includes("\n**Centrifugo PRO"));
  expect(marked.map(({ name }) => name)).toEqual(proMethods);
  expect(proMethods).toContain("blockUser");
});

test("the page marks experimental methods with the release that brought them", () => {
  expect(sections.get("mapPublish")).toContain("\n**experimental, since 6.8.0**\n");
  expect(sections.get("updatePushStatus")).toContain("\n**Centrifugo PRO, experimental**\n");
});

describe("fields and types on the page are those of the client:", () => {
  const names = [...types.matchAll(/^export interface (\w+)/gm)].map(([, name = ""]) => name);
  const ofMethods = methods
    .filter(({ name }) => name !== "batch")
    .flatMap(({ name }) => {
      const section = sections.get(name);
      const [, request = "", result = ""] =
        /^`cent\.\w+(?:<.*?>)?\(request\??: (\w+), .*Promise<(\w+)>`$/m.exec(section ?? "") ?? [];
      return [
        { name: request, section, title: "request" },
        { name: result, section, title: "result" },
      ];
    });
  const named = new Set(ofMethods.map(({ name }) => name));
  const others = names
    .filter((name) => !named.has(name) && !name.endsWith("Bigint"))
    .map((name) => ({ name, section: sections.get(`Type ${name}`), title: "field" }));

  test("each interface is on the page", () => {
    const described = new Set([...ofMethods, ...others].map(({ name }) => name));
    expect([...described].sort()).toEqual(names.filter((name) => !name.endsWith("Bigint")).sort());
    expect(others.filter(({ section }) => section === undefined)).toEqual([]);
  });

  test.each([...ofMethods, ...others])("$name", ({ name, section, title }) => {
    expect(fieldsOn(section, title)).toEqual(membersOf(name, types));
  });

  test("the test reads the fields of the page", () => {
    expect(fieldsOn(sections.get("publish"), "request").slice(0, 3)).toEqual([
      "channel: string",
      "data: Data",
      "skipHistory?: boolean",
    ]);
    expect(fieldsOn(sections.get("batch"), "request")).toEqual([
      "commands: BatchCommand[]",
      "parallel?: boolean",
    ]);
    expect(fieldsOn(sections.get("batch"), "result")).toEqual(["replies: Item[]"]);
  });
});

describe("events on the page have the fields of the handlers' requests and results:", () => {
  const events = eventTable(CentrifugoProxy);

  test("each event is on the page", () => {
    const described = [...sections.keys()].filter((name) => name.startsWith("Event "));
    expect(described).toEqual(events.map(({ name }) => `Event ${name}`));
  });

  test.each(events.filter(({ isStream }) => !isStream))("$name", ({ name, request, result }) => {
    const section = sections.get(`Event ${name}`);
    expect(fieldsOn(section, "request")).toEqual(membersOf(request.name, proxyTypes));
    // Handlers say it with `expired()`.
    const own = membersOf(result.name, proxyTypes).filter((member) => member !== "expired?: boolean");
    expect(fieldsOn(section, "result")).toEqual(own.filter((member) => !member.startsWith("[")));
  });

  test("other types of the events are on the page", () => {
    const others = [...sections].filter(([name]) => name.startsWith("Proxy type "));
    expect(others.length).toBeGreaterThan(5);
    const expected = others.map(([name]) => membersOf(name.slice("Proxy type ".length), proxyTypes));
    expect(others.map(([, section]) => fieldsOn(section, "field"))).toEqual(expected);
  });
});
