import { createServer, request as send } from "node:http";
import type { Socket } from "node:net";
import { connect } from "node:net";
import type { ListeningServer } from "./listening-server.ts";
import { listen } from "./listening-server.ts";

export interface HttpProxy extends ListeningServer {
  readonly url: string;
  /** The first lines of the requests that it got, such as `CONNECT localhost:443`. */
  readonly requests: readonly string[];
  /** The `proxy-authorization` of its last request. */
  readonly authorization: () => string | undefined;
}

/**
 * A proxy that forwards requests, and opens tunnels for CONNECT.
 *
 * @param refusal the status with which it refuses each request; 0 leaves them unanswered
 */
export async function startHttpProxy(refusal?: number): Promise<HttpProxy> {
  const requests: string[] = [];
  let authorization: string | undefined;
  const proxy = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    authorization = request.headers["proxy-authorization"];
    if (refusal === 0) return;
    if (refusal !== undefined) {
      response.writeHead(refusal).end("refused by the proxy");
      return;
    }
    const { "proxy-authorization": _, ...headers } = request.headers;
    const { method = "" } = request;
    const forwarded = send(request.url ?? "", { method, headers, agent: false }, (reply) => {
      response.writeHead(reply.statusCode ?? 0, reply.headers);
      reply.pipe(response);
    });
    request.pipe(forwarded);
  });
  proxy.on("connect", (request, socket: Socket) => {
    requests.push(`CONNECT ${request.url}`);
    authorization = request.headers["proxy-authorization"];
    socket.on("error", () => socket.destroy());
    if (refusal === 0) return;
    if (refusal !== undefined) {
      socket.end(`HTTP/1.1 ${refusal} Refused\r\n\r\n`);
      return;
    }
    const { hostname, port } = new URL(`http://${request.url}`);
    const upstream = connect(Number(port), hostname, () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      socket.pipe(upstream).pipe(socket);
    });
    upstream.on("error", () => socket.destroy());
    socket.on("close", () => upstream.destroy());
  });
  const listening = await listen(proxy);
  return {
    ...listening,
    url: `http://127.0.0.1:${listening.port}`,
    requests,
    authorization: () => authorization,
  };
}
