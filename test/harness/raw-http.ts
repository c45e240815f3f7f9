import { request } from "node:http";

export interface RawHttpReply {
  readonly status: number;
  readonly contentType: string | null;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: string;
}

/** Sends a request as it is, without our client, and reads the raw reply. */
export function sendHttp(
  origin: string,
  {
    method,
    path,
    headers,
    body,
  }: { method: string; path: string; headers: Record<string, string>; body: string },
): Promise<RawHttpReply> {
  const { hostname, port } = new URL(origin);
  return new Promise((resolve, reject) => {
    const length = { "Content-Length": String(Buffer.byteLength(body)) };
    const call = request({ hostname, port, method, path, headers: { ...headers, ...length }, agent: false });
    call.on("error", reject);
    call.on("response", (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        text += chunk;
      });
      response.on("error", reject);
      response.on("end", () => {
        const contentType = response.headers["content-type"] ?? null;
        resolve({ status: response.statusCode ?? 0, contentType, headers: response.headers, body: text });
      });
    });
    call.end(body);
  });
}
