import { oneLine } from "../codec/one-line.ts";
import { optionLines } from "./columns.ts";
import type { Command } from "./command.ts";
import { withClient } from "./connection.ts";
import { connectionHelp, connectionOptions } from "./connection-options.ts";
import { writeExact } from "./exact-json.ts";

/** The calls after the first one. */
const calls = 5;

/** The command `ping`: says which server answers, and how fast. */
export const ping: Command = {
  options: connectionOptions,
  help: () => [
    "Usage: tscent ping [options]",
    "",
    "Asks the server for its nodes, and says the transport, the versions, the number",
    "of nodes, the time of the first call with its connection, and the median of five",
    "calls after it.",
    "",
    ...optionLines([...connectionHelp, ["--json", "write JSON"]]),
  ],
  run: async (given, surroundings) =>
    withClient(given, surroundings, async (client, { transport = "http", url }) => {
      const times: number[] = [];
      let nodes: readonly { readonly version: string }[] = [];
      for (let call = 0; call <= calls; call++) {
        const start = performance.now();
        ({ nodes } = await client.info());
        times.push(Math.round((performance.now() - start) * 100) / 100);
      }
      const [firstMs = 0, ...others] = times;
      const medianMs = others.sort((a, b) => a - b)[Math.floor(calls / 2)] ?? 0;
      const versions = [...new Set(nodes.map(({ version }) => version))].sort();
      const report = { url: String(url), transport, versions, nodes: nodes.length, firstMs, medianMs };
      const text = [
        `${report.url} answers over ${transport === "grpc" ? "gRPC" : "HTTP"}`,
        `Centrifugo ${oneLine(versions.join(", "))}, ${nodes.length} ${nodes.length === 1 ? "node" : "nodes"}`,
        `${firstMs} ms for the first call, ${medianMs} ms for the next ones`,
      ].join("\n");
      await surroundings.out(`${given.has("json") ? writeExact(report) : text}\n`);
      return 0;
    }),
};
