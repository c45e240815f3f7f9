import type { AgentOptions, Agent as HttpAgent } from "node:http";
import { builtin } from "../node-builtins.ts";

/** The proxy of an origin, as the environment names it. */
export interface EnvProxy {
  /** For undici's EnvHttpProxyAgent. */
  readonly variables: { readonly httpProxy: string; readonly httpsProxy: string; readonly noProxy: string };
  /** The proxy's address for messages: without its user and password. */
  readonly address: string;
}

/**
 * The proxy of HTTP_PROXY or HTTPS_PROXY, if Node.js's own `fetch` obeys them: with NODE_USE_ENV_PROXY=1, `--use-env-proxy` or
 * `http.setGlobalProxyFromEnv()`. Each of them gives the variables to Node's global agent.
 */
export function envProxy(origin: string): EnvProxy | undefined {
  const { options }: HttpAgent & { options?: AgentOptions } = builtin("node:http").globalAgent;
  const env = options?.proxyEnv;
  if (env === undefined) return undefined;
  // As in Node.js, an empty variable in lower case hides the one in upper case.
  const httpProxy = env.http_proxy ?? env.HTTP_PROXY ?? "";
  const httpsProxy = env.https_proxy ?? env.HTTPS_PROXY ?? "";
  const noProxy = env.no_proxy ?? env.NO_PROXY ?? "";
  const used = (origin.startsWith("https:") && httpsProxy) || httpProxy;
  if (used === "") return undefined;
  const { protocol, host } = new URL(used);
  return { variables: { httpProxy, httpsProxy, noProxy }, address: `${protocol}//${host}` };
}
