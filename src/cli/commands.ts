import { didYouMean } from "../codec/did-you-mean.ts";
import { centrifugoApi } from "../schema/default-api.ts";
import { methodTable } from "../schema/method-table.ts";
import { isReservedName } from "../schema/reserved-names.ts";
import { spinalCase } from "./arguments.ts";
import { CliError } from "./cli-error.ts";
import type { Command } from "./command.ts";

/** The commands that are not methods, with their lines in `tscent --help`. Each is loaded when it is called. */
export const ownCommands: Readonly<Record<string, { text: string; load: () => Promise<Command> }>> = {
  "publish-many": {
    text: "publishes each line of the standard input",
    load: async () => (await import("./publish-many.ts")).publishMany,
  },
  ping: {
    text: "says the server's version, its nodes, and how fast it answers",
    load: async () => (await import("./ping.ts")).ping,
  },
  methods: {
    text: "lists the methods, and those that a server lacks",
    load: async () => (await import("./methods.ts")).methodsCommand,
  },
  token: {
    text: "makes the token with which a client connects or subscribes",
    load: async () => (await import("./token.ts")).token,
  },
  "proxy-config": {
    text: "prints the configuration that makes Centrifugo ask a backend",
    load: async () => (await import("./proxy-config.ts")).proxyConfig,
  },
};

/** The methods that are commands. */
export const apiMethods = () =>
  methodTable(centrifugoApi()).methods.filter(({ name }) => !isReservedName(name));

/** The command of a name: `presenceStats` and `presence_stats` are `presence-stats`, too. @throws CliError for another word */
export async function findCommand(word: string): Promise<Command> {
  const name = spinalCase(word);
  const own = Object.hasOwn(ownCommands, name) ? ownCommands[name] : undefined;
  if (own !== undefined) return own.load();
  const method = apiMethods().find(({ path }) => spinalCase(path) === name);
  if (method === undefined) {
    const names = [...Object.keys(ownCommands), ...apiMethods().map(({ path }) => spinalCase(path))];
    throw new CliError(`unknown command; ${didYouMean(word, names) ?? "see tscent --help"}`);
  }
  const { methodCommand } = await import("./call-method.ts");
  if (method.name !== "info") return methodCommand(method);
  const { nodeTable } = await import("./node-table.ts");
  return methodCommand(method, nodeTable);
}
