import { createServer as createTcpServer } from "node:net";
import type { SecureVersion } from "node:tls";
import { createSecureContext, TLSSocket } from "node:tls";
import { listen } from "../../harness/listening-server.ts";
import { ca, serverCertificate } from "../../harness/test-certificates.ts";
import type { StartFaulty, Twin } from "../fault.ts";
import { overBoth } from "../fault.ts";
import { lost } from "../rules.ts";
import { settings } from "../wire/frames.ts";

const trusting = (port: number) => ({ url: `https://localhost:${port}/`, tls: { ca } });
const alert = (description: number) => Buffer.from([21, 3, 3, 0, 2, 2, description]);

/** Accepts the connection, waits for the request, and then writes bytes below TLS. */
function belowTls(
  bytes: Buffer,
  protocol: "h2" | "http/1.1",
  maxVersion: SecureVersion = "TLSv1.3",
): StartFaulty {
  return () =>
    listen(
      createTcpServer((bare) => {
        const secureContext = createSecureContext({ ...serverCertificate, maxVersion });
        const socket = new TLSSocket(bare, { isServer: true, secureContext, ALPNProtocols: [protocol] });
        socket.on("error", () => bare.destroy());
        if (protocol === "h2") socket.write(settings());
        // The preface and the request come in several pieces.
        socket.once("data", () => setTimeout(() => bare.write(bytes), 30));
      }),
    );
}

const afterRequest = (bytes: Buffer, version?: SecureVersion) => ({
  http: belowTls(bytes, "http/1.1", version),
  grpc: belowTls(bytes, "h2", version),
});
const record = (version: number) =>
  Buffer.concat([Buffer.from([23, version, version, 0, 40]), Buffer.alloc(40, 7)]);

const list: readonly Twin[] = [
  {
    title: "TLS: noise after the request",
    start: afterRequest(Buffer.alloc(99, 0xe7)),
    ...lost,
    options: trusting,
  },
  {
    title: "TLS: a record of another version after the request",
    start: afterRequest(record(9)),
    ...lost,
    options: trusting,
  },
  {
    title: "TLS 1.2: a record of another version after the request",
    start: afterRequest(record(9), "TLSv1.2"),
    ...lost,
    options: trusting,
  },
  {
    title: "TLS 1.2: noise after the request",
    start: afterRequest(Buffer.alloc(99, 0xe7), "TLSv1.2"),
    ...lost,
    options: trusting,
  },
  {
    title: "TLS 1.2: a forged record after the request",
    start: afterRequest(record(3), "TLSv1.2"),
    ...lost,
    options: trusting,
  },
  {
    title: "TLS: a forged record after the request",
    start: afterRequest(record(3)),
    ...lost,
    options: trusting,
  },
  {
    title: "TLS: a bare alert after the request",
    start: afterRequest(alert(80)),
    ...lost,
    options: trusting,
  },
];

export const brokenTls = overBoth(list);
