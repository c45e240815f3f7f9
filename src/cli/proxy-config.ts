import { CentrifugoProxy } from "../../gen/centrifugal/centrifugo/proxy/proxy_pb.ts";
import { didYouMean } from "../codec/did-you-mean.ts";
import type { ProxyConfigOptions, ProxyOptions } from "../proxy/index.ts";
import { eventTable } from "../schema/event-table.ts";
import { CliError, refusing } from "./cli-error.ts";
import { optionLines } from "./columns.ts";
import type { Command } from "./command.ts";
import { secretIn } from "./secret-options.ts";

/** Stands for a handler, of which the configuration has only the event and the pattern. */
const handler = () => ({});

/** The command `proxy-config`: prints the part of Centrifugo's config.json that makes it ask a backend. */
export const proxyConfig: Command = {
  options: {
    url: "value",
    "stream-url": "value",
    event: "values",
    timeout: "value",
    "http-header": "values",
    "secret-file": "value",
    "secret-header": "value",
    "no-secret": "flag",
    "binary-encoding": "flag",
  },
  help: () => [
    "Usage: tscent proxy-config --url <url> --event <event> [--event …] [options]",
    "",
    "Prints the part of Centrifugo's config.json that makes it ask a backend about",
    "events, as proxy.config() of tscent/proxy does, with the secret. For example:",
    "",
    "  tscent proxy-config --url http://app:3000/centrifugo \\",
    "    --event connect --event 'subscribe=chat:*' --event rpc=getUser",
    "",
    ...optionLines([
      ["--url <url>", "where Centrifugo finds the backend: http://…, https://… or grpc://…"],
      [
        "--event <event>",
        "an event, such as connect or refresh; events about channels or methods have a name or a pattern, as in 'subscribe=chat:*'",
      ],
      ["--stream-url <url>", "where Centrifugo finds streams, if --url is not grpc://…"],
      ["--timeout <time>", "how long Centrifugo waits for an answer, as in 3s (default: its own, 1s)"],
      ["--http-header <name>", "a header of the client's connection to pass on, as often as needed"],
      ["--binary-encoding", "lets Centrifugo send data in base64, so that it need not be JSON"],
      [
        "--secret-file <file>",
        "a file with the secret that Centrifugo sends (default: the secret in CENT_PROXY_SECRET)",
      ],
      ["--secret-header <name>", "the header with the secret (default: x-centrifugo-secret)"],
      ["--no-secret", "only the network protects the backend"],
      ["--json", "write JSON in one line"],
    ]),
  ],
  run: async (given, { environment, out }) => {
    const events = given.values("event");
    if (events.length === 0)
      throw new CliError("expected --event, as in --event connect or --event 'subscribe=chat:*'");
    for (const name of ["secret-file", "secret-header"])
      if (given.has("no-secret") && given.has(name))
        throw new CliError(`--no-secret: expected no --${name} beside it`);
    const { createProxy } = await import("../proxy/index.ts");
    const secret = given.has("no-secret") ? false : secretIn(given, environment, "CENT_PROXY_SECRET");
    const secretHeader = given.value("secret-header");
    const headers = given.values("http-header");
    const options = {
      ...{ url: given.value("url"), streamUrl: given.value("stream-url"), timeout: given.value("timeout") },
      ...(headers.length > 0 && { httpHeaders: headers }),
      ...(given.has("binary-encoding") && { binaryEncoding: true }),
    } as ProxyConfigOptions;
    const config = refusing(() =>
      createProxy({ ...handlers(events), secret, secretHeader } as ProxyOptions).config(options),
    );
    await out(`${JSON.stringify(config, undefined, given.has("json") ? 0 : 2)}\n`);
    return 0;
  },
};

/** Handlers for `connect` and `subscribe=chat:*`, as `createProxy` takes them. @throws CliError for an unknown event */
function handlers(events: readonly string[]): object {
  const table = eventTable(CentrifugoProxy);
  const known = table.map(({ name }) => name);
  const handlers: Record<string, unknown> = {};
  for (const event of events) {
    const at = event.indexOf("=");
    const name = at === -1 ? event : event.slice(0, at);
    if (!known.includes(name))
      throw new CliError(
        `--event: unknown event ${name}; ${didYouMean(name, known) ?? `expected one of ${known.join(", ")}`}`,
      );
    const key = table.find((one) => one.name === name)?.key;
    if (key === undefined && at !== -1) throw new CliError(`--event: expected ${name} without a pattern`);
    if (key !== undefined && at === -1)
      throw new CliError(`--event: expected a ${key} or a pattern, as in '${name}=chat:*'`);
    handlers[name] = at === -1 ? handler : { ...(handlers[name] as object), [event.slice(at + 1)]: handler };
  }
  return handlers;
}
