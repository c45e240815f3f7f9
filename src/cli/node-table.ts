import { columns } from "./columns.ts";

/** The columns of the table, by the fields of a node. */
const titles: Readonly<Record<string, string>> = {
  name: "NODE",
  version: "VERSION",
  numClients: "CLIENTS",
  numUsers: "USERS",
  numChannels: "CHANNELS",
  numSubs: "SUBSCRIPTIONS",
  uptime: "UPTIME",
};

/** The nodes of a server as a table. */
export function nodeTable({ nodes }: Readonly<Record<string, unknown>>): string {
  const rows = (nodes as readonly Readonly<Record<string, unknown>>[]).map((node) =>
    Object.keys(titles).map((name) =>
      name === "uptime" ? duration(Number(node[name])) : String(node[name]),
    ),
  );
  return columns([Object.values(titles), ...rows]).join("\n");
}

/** Seconds as in `2d 3h` or `4m 5s`. */
function duration(seconds: number): string {
  const units = [
    ["d", 86_400],
    ["h", 3_600],
    ["m", 60],
    ["s", 1],
  ] as const;
  const from = Math.max(
    0,
    units.findIndex(([, length]) => seconds >= length),
  );
  if (seconds < 60) return `${seconds}s`;
  return units
    .slice(from, from + 2)
    .map(
      ([unit, length], index) =>
        `${Math.floor((index === 0 ? seconds : seconds % (units[from]?.[1] ?? 1)) / length)}${unit}`,
    )
    .join(" ");
}
