// Looks for a real Centrifugo once before the suite, and says which cases are skipped.
import type { TestProject } from "vitest/node";
import type { CentrifugoLocation } from "../../scripts/real-centrifugo.ts";
import { locateCentrifugo } from "../../scripts/real-centrifugo.ts";
import config from "./config.json" with { type: "json" };

/** A real Centrifugo, or why there is none. */
export interface RealServer {
  readonly location: CentrifugoLocation | undefined;
  /** Why there is no server; "" if there is one. */
  readonly missing: string;
}

declare module "vitest" {
  export interface ProvidedContext {
    realServer: RealServer;
  }
}

/** Why cases with their own configuration do not run on a server that runs already. */
export const runsAlready =
  "it runs already, and these cases start it with their own configuration: set CENTRIFUGO_BIN";

const help = "Set CENTRIFUGO_BIN, or put `centrifugo` on the PATH, or set CENT_HTTP_URL and CENT_GRPC_URL.";

export async function setup(project: TestProject): Promise<void> {
  const server = await look();
  project.provide("realServer", server);
  if (server.missing !== "") {
    console.warn(
      `\n*** SKIPPED: the cases against a real Centrifugo: ${server.missing}.\n` +
        `*** The embedded server is tested alone. ${help}\n`,
    );
  } else if (server.location !== undefined && !("binary" in server.location)) {
    console.warn(
      `\n*** SKIPPED: recorded exchanges and configurations against a real Centrifugo: ${runsAlready}.\n`,
    );
  }
}

async function look(): Promise<RealServer> {
  const location = locateCentrifugo();
  if (location === undefined) return { location, missing: "there is none" };
  const missing = "binary" in location ? "" : await whatIsMissing(location);
  return missing === "" ? { location, missing } : { location: undefined, missing };
}

/** A server that runs already must have the namespaces of the suite. The sources cannot be imported yet. */
async function whatIsMissing({ httpUrl, apiKey }: { httpUrl: string; apiKey: string }): Promise<string> {
  const names = config.channel.namespaces.map(({ name }) => name);
  const commands = names.map((name) => ({ unsubscribe: { channel: `${name}:x`, user: "nobody" } }));
  try {
    const reply = await fetch(`${httpUrl}/batch`, {
      method: "POST",
      headers: { authorization: `apikey ${apiKey}`, "content-type": "application/json" },
      body: JSON.stringify({ commands }),
    });
    const { replies } = (await reply.json()) as { replies: readonly { error?: object }[] };
    const unknown = names.filter((_name, index) => replies[index]?.error !== undefined);
    if (unknown.length === 0) return "";
    return `the server at ${httpUrl} was not started with test/conformance/config.json, and does not know the namespaces ${unknown.join(", ")}`;
  } catch (error) {
    return `the server at CENT_HTTP_URL does not answer: ${String(error)}`;
  }
}
