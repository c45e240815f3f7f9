// The process of one backend, see ../proxy.ts. It serves on a free port, and tells its CPU time when asked.
import type { RequestListener } from "node:http";
import { createServer } from "node:http";
import { createServer as createHttp2Server } from "node:http2";
import type { AddressInfo, Server } from "node:net";
import { create } from "@bufbuild/protobuf";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import { createProxy } from "tscent/proxy";
import { CentrifugoProxy, PublishResponseSchema } from "../../gen/centrifugal/centrifugo/proxy/proxy_pb.ts";

const secret = "a-secret-of-some-length";
const header = "x-centrifugo-secret";
type Data = { readonly text: string };
const answered = ({ text }: Data) => ({ text, checked: true });

const proxy = createProxy({
  secret,
  publish: {
    "chat:*": async ({ user, data }) => (user === "42" ? { data: answered(data as Data) } : undefined),
  },
});

/** The same answers by a careful hand: the secret, the path, JSON, an error in place of a throw. */
const byHand: RequestListener = (request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => {
    if (request.headers[header] !== secret || request.url !== "/centrifugo/publish") {
      response.writeHead(401).end();
      return;
    }
    handle(Buffer.concat(chunks)).then((answer) => {
      const text = JSON.stringify(answer);
      const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(text) };
      response.writeHead(200, headers).end(text);
    });
  });
};

async function handle(body: Buffer): Promise<object> {
  const { user, channel, data } = JSON.parse(body.toString()) as {
    user: string;
    channel: string;
    data: Data;
  };
  if (user !== "42" || !channel.startsWith("chat:"))
    return { error: { code: 403, message: "permission denied" } };
  return { result: { data: answered(data) } };
}

const bare = connectNodeAdapter({
  routes: (router) =>
    router.service(CentrifugoProxy, {
      publish: async ({ user, channel, data }, { requestHeader }) => {
        if (requestHeader.get(header) !== secret || user !== "42" || !channel.startsWith("chat:"))
          return create(PublishResponseSchema, { error: { code: 403 } });
        const answer = answered(JSON.parse(Buffer.from(data).toString()) as Data);
        return create(PublishResponseSchema, { result: { data: Buffer.from(JSON.stringify(answer)) } });
      },
    }),
});

const servers: Readonly<Record<string, () => Server>> = {
  "http by hand": () => createServer(byHand),
  "http tscent": () => createServer(proxy.node),
  "grpc bare Connect": () => createHttp2Server(bare),
  "grpc tscent": () => createHttp2Server(connectNodeAdapter({ routes: proxy.routes })),
};

const server = servers[process.argv[2] ?? ""]?.();
if (server === undefined) throw new Error(`there is no backend ${process.argv[2]}`);
server.listen(0, "127.0.0.1", () => process.send?.((server.address() as AddressInfo).port));
process.once("SIGINT", () => process.exit(0));
process.on("message", () => {
  const { user, system } = process.cpuUsage();
  process.send?.(user + system);
});
