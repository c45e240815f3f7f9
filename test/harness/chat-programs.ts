import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { promisify } from "node:util";
import { unusedPort } from "./listening-server.ts";

/** The part of config.json that a chat prints. */
export interface ChatConfig {
  readonly client: {
    readonly proxy?: { readonly connect: { readonly http: { readonly static_headers: HeadersInit } } };
  };
  readonly channel: {
    readonly proxy: { readonly publish: { readonly http: { readonly static_headers: HeadersInit } } };
    readonly namespaces: readonly { readonly name: string }[];
  };
}

/** A chat of examples/ that runs. Disposal ends it. */
export interface Chat extends AsyncDisposable {
  readonly url: string;
  readonly config: ChatConfig;
  /** Signs a user in, and gives the cookie. */
  logIn(name: string): Promise<string>;
}

/** The secret of the tokens of a chat. */
export const chatTokenSecret = "a-secret-of-at-least-32-characters";

/** The programs that serve a chat and print its configuration. */
export const chats = {
  express: { program: ["examples/express/chat.ts"], config: ["examples/express/chat.ts", "--config"] },
  hono: { program: ["examples/hono/chat.ts"], config: ["examples/hono/chat.ts", "--config"] },
  next: { program: ["test/harness/serve-next-chat.ts"], config: ["examples/next/print-config.ts"] },
} as const;

/** Starts a chat on loopback, as its readers do. */
export async function startChat(name: keyof typeof chats): Promise<Chat> {
  const port = await unusedPort();
  const url = `http://127.0.0.1:${port}`;
  const env = {
    ...process.env,
    ...{ PORT: `${port}`, APP_URL: url, SESSION_SECRET: "a secret of sessions" },
    ...{ CENT_PROXY_SECRET: "proxy-secret", CENT_TOKEN_SECRET: chatTokenSecret },
  };
  const condition = "--conditions=tscent-source";
  const printed = await promisify(execFile)("node", [condition, ...chats[name].config], { env });
  const program = spawn("node", [condition, ...chats[name].program], {
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = once(program, "exit");
  await Promise.race([
    once(program.stdout, "data"),
    exited.then(() => Promise.reject(new Error(`${name} ended`))),
  ]);
  return {
    url,
    config: JSON.parse(printed.stdout) as ChatConfig,
    async logIn(user) {
      const headers = { "content-type": "application/json" };
      const body = JSON.stringify({ name: user });
      const response = await fetch(`${url}/login`, { method: "POST", headers, body });
      return response.headers.get("set-cookie")?.split(";")[0] ?? "";
    },
    async [Symbol.asyncDispose]() {
      program.kill("SIGTERM");
      await exited;
    },
  };
}
