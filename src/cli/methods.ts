import { CentrifugoApi } from "#api";
import { proMethods } from "../../gen/centrifugal/centrifugo/api/pro_methods.ts";
import { version } from "../options/version.ts";
import type { Method, MethodTable } from "../schema/method-table.ts";
import { methodTable } from "../schema/method-table.ts";
import type { Arguments } from "./arguments.ts";
import { CliError } from "./cli-error.ts";
import { optionLines } from "./columns.ts";
import type { Command, Surroundings } from "./command.ts";
import { clientOptions } from "./connection.ts";
import { connectionHelp, connectionOptions } from "./connection-options.ts";
import { readDescriptor } from "./descriptor.ts";
import type { Report } from "./method-report.ts";
import { reportText } from "./method-report.ts";
import type { ServerAddress } from "./probe-server.ts";
import { probeServer } from "./probe-server.ts";

/** The command `methods`: lists the methods, and says which of them a server lacks. */
export const methodsCommand: Command = {
  options: { offline: "flag", descriptor: "value", ...connectionOptions },
  help: () => helpLines,
  run: async (given, surroundings) => {
    await surroundings.out(await methods(given, surroundings));
    return 0;
  },
};

const helpLines = [
  "Usage: tscent methods [options]",
  "",
  "Lists the methods that this client knows: the client's name, the RPC, the path",
  "below the address of the HTTP API, whether a batch can carry the method, and",
  "whether it needs Centrifugo PRO. With a server, it also says which of them the",
  "server lacks.",
  "",
  ...optionLines([
    ["--offline", "ask no server, even if CENT_URL is set"],
    [
      "--descriptor <file>",
      'list the methods of a schema of your own instead, from an image made by "buf build -o <file>", and say how they differ from the client\'s',
    ],
    ...connectionHelp,
    ["--json", "write JSON"],
  ]),
  "",
  "The server executes nothing, for no server can read the requests. A server that",
  "has the method answers HTTP 400 or gRPC status 13 and may log an error, one that",
  "lacks it answers 404 or 12. Over gRPC, an open-source server has the names of",
  "PRO's methods, too, so the table shows ? for them.",
  "",
  "The exit code is 0, even if the server lacks methods. It is 2 if the command",
  "line is wrong, or if the server or the file cannot be read.",
];

/** @throws CliError for a wrong option, and for a server or a file that cannot be read */
async function methods(given: Arguments, surroundings: Surroundings): Promise<string> {
  const client = methodTable(CentrifugoApi);
  const file = given.value("descriptor");
  const table = file === undefined ? client : readDescriptor(file);
  const address = serverAddress(given, surroundings);
  const server = address === undefined ? undefined : await probeServer(address, table.methods);
  const transport = address?.transport === "grpc" ? "grpc" : "http";
  const isUnknown = (method: Method) =>
    transport === "grpc" && proMethods.includes(method.name) && server?.has.has(method) === true;
  const report: Report = {
    client: { version },
    ...(file === undefined
      ? {}
      : {
          descriptor: {
            file,
            service: table.service.typeName,
            added: namesWithout(table, client),
            missing: namesWithout(client, table),
          },
        }),
    ...(server === undefined ? {} : { server: { url: server.url, transport } }),
    methods: table.methods.map((method) => ({
      name: method.name,
      rpc: method.rpc.name,
      path: method.path,
      batch: method.command !== undefined,
      pro: proMethods.includes(method.name),
      ...(server === undefined || isUnknown(method) ? {} : { server: server.has.has(method) }),
    })),
  };
  return given.has("json") ? `${JSON.stringify(report)}\n` : reportText(report);
}

/** The names of the methods in `table` that `other` lacks. */
function namesWithout(table: MethodTable, other: MethodTable): string[] {
  return table.methods.map(({ name }) => name).filter((name) => other.byName(name) === undefined);
}

/** The server's address from the options, or else from the environment; undefined if neither has one. */
function serverAddress(given: Arguments, surroundings: Surroundings): ServerAddress | undefined {
  if (given.has("offline")) {
    if (given.has("url")) throw new CliError("--offline: expected no --url beside it");
    return undefined;
  }
  const options = clientOptions(given, surroundings);
  if (options.url !== undefined) return { ...options, url: options.url };
  if (given.has("api-key")) throw new CliError("--api-key: expected --url, or CENT_URL, beside it");
  return undefined;
}
