/** A value of a JSON text, with its place. Objects have all their members, also members of the same name. */
export interface JsonNode {
  readonly kind: "object" | "array" | "string" | "number" | "literal";
  readonly start: number;
  end: number;
  readonly names: string[];
  readonly values: JsonNode[];
}

const token = /[ \t\r\n]*(?:("(?:[^"\\]|\\.)*")|([{[])|([}\]])|([,:])|([^ \t\r\n{}[\],:"]+))/y;

/** The depth up to which recursive functions can read a text. */
const mostDepth = 500;

export interface JsonTree {
  readonly root: JsonNode;
  /**
   * Whether the values of JSON.parse can be compared. A deep text overflows the stack, and V8 may read an escaped name
   * wrong: `{"x":1,"\\n":2}` after `{"x":1,"\\\\":2}` has the names of the latter
   * (https://github.com/nodejs/node/issues/63785).
   */
  readonly isComparable: boolean;
}

/**
 * The tree of a text that JSON.parse accepts. JSON.parse itself gives neither places nor members of the same name, and
 * rounds numbers. {@link differsFromParsed} compares the tree with the values of JSON.parse.
 */
export function jsonTree(text: string): JsonTree {
  const top: JsonNode = { kind: "array", start: 0, end: 0, names: [], values: [] };
  const open = [top];
  let depth = 0;
  let hasEscapedName = false;
  let name: string | undefined;
  token.lastIndex = 0;
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const [, string, opening, closing, , scalar] = match;
    const end = token.lastIndex;
    const parent = open.at(-1) as JsonNode;
    if (closing !== undefined) {
      (open.pop() as JsonNode).end = end;
      continue;
    }
    const written = string ?? opening ?? scalar;
    if (written === undefined) continue;
    if (parent.kind === "object" && name === undefined) {
      hasEscapedName ||= written.includes("\\");
      name = JSON.parse(written) as string;
      continue;
    }
    const kind = opening === "{" ? "object" : opening ? "array" : string ? "string" : kindOf(written);
    const node: JsonNode = { kind, start: end - written.length, end, names: [], values: [] };
    parent.values.push(node);
    if (parent.kind === "object") parent.names.push(name as string);
    name = undefined;
    if (opening !== undefined) depth = Math.max(depth, open.push(node));
  }
  return { root: top.values[0] as JsonNode, isComparable: depth < mostDepth && !hasEscapedName };
}

function kindOf(written: string): "number" | "literal" {
  return /^[-0-9]/.test(written) ? "number" : "literal";
}

type WithSource = (this: unknown, key: string, value: unknown, context: { source?: string }) => unknown;

/** A number as it is written. */
class Written {
  readonly source: string;

  constructor(source: string) {
    this.source = source;
  }
}

/** The place where a comparable tree differs from the value of JSON.parse; undefined for none. */
export function differsFromParsed(text: string, root: JsonNode): number | undefined {
  const keepNumbers: WithSource = (_key, value, { source }) =>
    typeof value === "number" ? new Written(source as string) : value;
  return difference(text, root, JSON.parse(text, keepNumbers as Parameters<typeof JSON.parse>[1]));
}

function difference(text: string, node: JsonNode, parsed: unknown): number | undefined {
  const source = text.slice(node.start, node.end);
  if (node.kind === "number") return (parsed as Written).source === source ? undefined : node.start;
  if (node.kind !== "object" && node.kind !== "array") {
    return JSON.parse(source) === parsed ? undefined : node.start;
  }
  // JSON.parse gives the last of several members with the same name.
  const last = new Map(node.values.map((value, at) => [node.names[at] ?? `${at}`, value]));
  const record = parsed as Record<string, unknown>;
  if (Array.isArray(parsed) !== (node.kind === "array") || Object.keys(record).length !== last.size)
    return node.start;
  for (const [name, value] of last) {
    const found = Object.hasOwn(record, name) ? difference(text, value, record[name]) : node.start;
    if (found !== undefined) return found;
  }
  return undefined;
}
