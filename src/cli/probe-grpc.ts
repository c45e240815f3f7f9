import type { ClientHttp2Session } from "node:http2";
import { connect } from "node:http2";
import type { Method } from "../schema/method-table.ts";
import type { TlsOptions } from "../transport/tls.ts";
import { checkTls } from "../transport/tls.ts";
import { withoutTrailingSlashes } from "../transport/trailing-slashes.ts";
import { messageOf } from "../transport/transport-failure.ts";
import { CliError, refusing } from "./cli-error.ts";

/** A frame whose message no server can read: grpc-go reads a message before it looks at the key, and executes nothing. */
const unreadable = Buffer.from([0, 0, 0, 0, 1, 0xff]);
/** A method that no server has. */
const nobodys = "NoSuchMethod";
/** The statuses for a method that the server has, whose message cannot be read, and for one that it lacks. */
const hasIt = "13";
const lacksIt = "12";

/**
 * Finds out which methods the schema of a gRPC server has, without executing any. An open-source server has the names of
 * PRO's methods, too.
 *
 * @throws CliError if the server's replies do not show it
 */
export async function probeGrpc(
  { url, timeoutMs, tls }: { url: URL; timeoutMs: number; tls: TlsOptions | undefined },
  methods: readonly Method[],
): Promise<ReadonlySet<Method>> {
  refusing(() => checkTls(tls));
  const session = connect(url.origin, { ...(tls as object) });
  const failed = new Promise<never>((_, reject) => session.on("error", reject));
  failed.catch(() => {
    // Only the race below waits for this error.
  });
  const timer = setTimeout(
    () => session.destroy(new Error(`no complete reply within ${timeoutMs} ms`)),
    timeoutMs || 2 ** 31 - 1,
  );
  const prefix = withoutTrailingSlashes(url.pathname);
  const service = methods[0]?.rpc.parent.typeName ?? "";
  const has = async (name: string) => {
    const status = await statusOf(session, `${prefix}/${service}/${name}`);
    if (status !== hasIt && status !== lacksIt)
      throw new Error(`expected a gRPC API of Centrifugo; the reply has the status ${status}`);
    return status === hasIt;
  };
  try {
    if (await Promise.race([failed, has(nobodys)])) throw new Error("the server takes any name for a method");
    const answers = methods.map(async (method) => ((await has(method.rpc.name)) ? [method] : []));
    const found = (await Promise.race([failed, Promise.all(answers)])).flat();
    if (found.length === 0) throw new Error(`the server has no service ${service}`);
    return new Set(found);
  } catch (cause) {
    throw new CliError(`${url.href}: ${messageOf(cause)}`, { cause });
  } finally {
    clearTimeout(timer);
    session.destroy();
  }
}

/** Sends the frame, and gives the status of the reply: gRPC's, or else HTTP's. */
function statusOf(session: ClientHttp2Session, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { ":method": "POST", ":path": path, "content-type": "application/grpc", te: "trailers" };
    const stream = session.request(headers);
    let status = "missing";
    stream.on("response", (header) => {
      status = String(header["grpc-status"] ?? `HTTP ${header[":status"]}`);
    });
    stream.on("trailers", (trailer) => {
      status = String(trailer["grpc-status"] ?? status);
    });
    stream.on("error", reject);
    stream.on("close", () => resolve(status));
    stream.resume();
    stream.end(unreadable);
  });
}
