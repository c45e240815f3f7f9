import { columns } from "./columns.ts";

/** The output of `tscent methods --json`. */
export interface Report {
  /** The version of this package. */
  readonly client: { readonly version: string };
  /** The schema of `--descriptor`, if one was given. */
  readonly descriptor?: {
    readonly file: string;
    readonly service: string;
    /** Methods that only this schema has (`added`), or only the client (`missing`). */
    readonly added: readonly string[];
    readonly missing: readonly string[];
  };
  readonly server?: { readonly url: string; readonly transport: "http" | "grpc" };
  readonly methods: readonly MethodRow[];
}

interface MethodRow {
  /** The client's name: `presenceStats`. */
  readonly name: string;
  /** The name in the service: `PresenceStats`. */
  readonly rpc: string;
  /** The path below the address of the HTTP API: `presence_stats`. */
  readonly path: string;
  /** Whether a batch can carry the method. */
  readonly batch: boolean;
  /** Whether the method needs Centrifugo PRO. */
  readonly pro: boolean;
  /** Whether the server has the method; absent if no server was asked, or if that cannot be told. */
  readonly server?: boolean;
}

/** The report as text: a table, then a line for each comparison. */
export function reportText(report: Report): string {
  const { methods, server } = report;
  const rows = methods.map((row) => [
    row.name,
    row.rpc,
    row.path,
    row.batch ? "yes" : "no",
    ...(server === undefined ? [] : [row.server === undefined ? "?" : row.server ? "yes" : "no"]),
    row.pro ? "PRO" : "",
  ]);
  const titles = ["METHOD", "RPC", "PATH", "BATCH", ...(server === undefined ? [] : ["SERVER"]), "PRO"];
  const comparisons = [...compareSchemas(report), ...compareServer(report)];
  return [...columns([titles, ...rows]), ...(comparisons.length > 0 ? ["", ...comparisons] : []), ""].join(
    "\n",
  );
}

function compareSchemas({ client, descriptor }: Report): string[] {
  if (descriptor === undefined) return [];
  const { file, added, missing } = descriptor;
  const own = `tscent ${client.version}`;
  if (added.length === 0 && missing.length === 0) return [`${file} has the same methods as ${own}.`];
  const has = (one: string, other: string, names: readonly string[]) =>
    names.length === 0
      ? []
      : [`${one} has ${counted(names.length)} that ${other} lacks: ${names.join(", ")}`];
  return [...has(file, own, added), ...has(own, file, missing)];
}

function compareServer({ server, methods }: Report): string[] {
  if (server === undefined) return [];
  const lacking = methods.filter((row) => row.server === false).map(({ name }) => name);
  const known = methods.filter((row) => row.server !== undefined).length;
  const lines =
    lacking.length === 0
      ? [`${server.url} has all ${counted(known)}.`]
      : [`${server.url} lacks ${lacking.length} of ${counted(known)}: ${lacking.join(", ")}`];
  return known === methods.length
    ? lines
    : [...lines, "? means that the server knows the name, but over gRPC it does not show whether it is PRO."];
}

function counted(count: number): string {
  return `${count} ${count === 1 ? "method" : "methods"}`;
}
