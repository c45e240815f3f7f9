import { CentrifugoApi } from "#api";
import { readEnvironment } from "../options/config-from-env.ts";
import { version } from "../options/version.ts";
import type { MethodTable } from "../schema/method-table.ts";
import { methodTable } from "../schema/method-table.ts";
import type { Options } from "./arguments.ts";
import { CliError } from "./cli-error.ts";
import { readDescriptor } from "./descriptor.ts";
import type { Report } from "./method-report.ts";
import { reportText } from "./method-report.ts";
import type { ServerAddress } from "./probe-server.ts";
import { probeServer } from "./probe-server.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The subcommand `methods`: lists the methods, and says which of them a server lacks.
 *
 * @throws CliError for a wrong option, and for a server or a file that cannot be read
 */
export async function methods(options: Options, environment: Environment): Promise<string> {
  const client = methodTable(CentrifugoApi);
  const { descriptor: file } = options;
  const table = file === undefined ? client : readDescriptor(file);
  const address = serverAddress(options, environment);
  const server = address === undefined ? undefined : await probeServer(address, table.methods);
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
    ...(server === undefined ? {} : { server: { url: server.url } }),
    methods: table.methods.map((method) => ({
      name: method.name,
      rpc: method.rpc.name,
      path: method.path,
      batch: method.command !== undefined,
      ...(server === undefined ? {} : { server: server.has.has(method) }),
    })),
  };
  return options.json ? `${JSON.stringify(report, undefined, 2)}\n` : reportText(report);
}

/** The names of the methods in `table` that `other` lacks. */
function namesWithout(table: MethodTable, other: MethodTable): string[] {
  return table.methods.map(({ name }) => name).filter((name) => other.byName(name) === undefined);
}

/** The server's address from the options, or else from the environment; undefined if neither has one. */
function serverAddress(options: Options, environment: Environment): ServerAddress | undefined {
  const { url: given, offline } = options;
  if (offline) {
    if (given !== undefined) throw new CliError("--offline: expected no --url beside it");
    return undefined;
  }
  const { transport, url = given, timeoutMs } = configured(environment);
  if (url === undefined) {
    if (options["api-key"] === undefined) return undefined;
    throw new CliError("--api-key: expected --url, or CENT_URL, beside it");
  }
  if (given === undefined && transport === "grpc") {
    throw new CliError(
      "CENT_TRANSPORT is grpc, but a server can be asked for its methods only over HTTP: give the address of its " +
        "HTTP API, as in --url http://localhost:8000/api, or --offline",
    );
  }
  return {
    url: given ?? url,
    apiKey: options["api-key"] ?? (environment.CENT_API_KEY || undefined),
    timeoutMs,
  };
}

function configured(environment: Environment): ReturnType<typeof readEnvironment> {
  try {
    return readEnvironment(environment);
  } catch (error) {
    throw error instanceof TypeError ? new CliError(error.message) : error;
  }
}
