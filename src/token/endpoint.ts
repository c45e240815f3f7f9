import { expectObject } from "../codec/caller-values.ts";
import { runUnder } from "../codec/path-error.ts";
import { bytesUpTo } from "../limits/bytes-up-to.ts";
import {
  callback,
  expect,
  expectOptions,
  flag,
  isObject,
  optionChecks,
  text,
} from "../options/option-checks.ts";
import { duration } from "../options/time-checks.ts";
import type { EndpointOptions, SubscriptionTokenOptions } from "../options/token-options.ts";
import type { Tokens } from "./tokens.ts";

const checks = optionChecks<EndpointOptions>({
  ...{ user: callback, anonymous: flag, connection: callback, subscription: callback, expiresIn: duration },
});
const mostBodyBytes = 16_384;

/** @param tokens makes the tokens @throws PathError naming the option */
export function endpoint(
  options: EndpointOptions,
  tokens: Pick<Tokens, "connection" | "subscription">,
): (request: Request) => Promise<Response> {
  expectOptions(options, checks);
  expect("user", options.user !== undefined, "a function");
  const { connection = () => true, subscription = () => false, expiresIn = "1h", anonymous } = options;
  return async (request) => {
    const asked = await channelOf(request);
    if (typeof asked === "number")
      return answer(asked, { error: "expected a GET, or a POST with a JSON object" });
    const { channel } = asked;
    const user = (await options.user(request)) ?? "";
    const decide = () =>
      channel === undefined ? connection({ user, request }) : subscription({ user, request, channel });
    const claims = (user !== "" || anonymous === true) && (await decide());
    if (claims !== true && !isObject(claims)) return answer(403, { error: "not allowed" });
    const method = channel === undefined ? "connection" : "subscription";
    // A Response or an array, say, was not meant as claims.
    const given = claims === true ? {} : runUnder(method, () => expectObject(claims));
    const whom = user === "" ? { anonymous: true } : { user };
    const all = { ...(given.expiresAt === undefined && { expiresIn }), ...given, ...whom, ...asked };
    return answer(200, { token: await tokens[method](all as SubscriptionTokenOptions) });
  };
}

function answer(status: number, body: object): Response {
  const allow = status === 405 && { allow: "GET, POST" };
  return Response.json(body, { status, headers: { "cache-control": "no-store", ...allow } });
}

/** The channel that a request names, if any; or the status of a refusal. */
async function channelOf(request: Request): Promise<{ readonly channel?: string } | number> {
  const { method, url } = request;
  if (method !== "GET" && method !== "POST") return 405;
  let asked: unknown = Object.fromEntries(new URL(url).searchParams);
  if (method === "POST") {
    const body = await bytesUpTo(mostBodyBytes, request.body ?? []);
    if (body === undefined) return 413;
    try {
      asked = JSON.parse(new TextDecoder().decode(body) || "{}");
    } catch {
      return 400;
    }
  }
  if (!isObject(asked) || Array.isArray(asked)) return 400;
  const channel: unknown = Reflect.get(asked, "channel");
  if (channel === undefined) return {};
  return text(channel) === true ? { channel: channel as string } : 400;
}
