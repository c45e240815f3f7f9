import { createSecureServer } from "node:http2";
import { createServer as createHttpsServer } from "node:https";
import type { TlsOptions } from "node:tls";
import { createServer } from "node:tls";
import type { ClientOptions } from "../../../src/index.ts";
import { listen } from "../../harness/listening-server.ts";
import { ofSockets, sendGrpc } from "../../harness/misbehaving-server.ts";
import {
  ca,
  clientCertificate,
  expiredCertificate,
  serverCertificate,
} from "../../harness/test-certificates.ts";
import type { StartFaulty, Twin } from "../fault.ts";
import { over, overBoth } from "../fault.ts";
import { lost, succeeds, unprocessed, untrusted } from "../rules.ts";
import { goodBody, goodServers } from "../wire/good-servers.ts";
import { replyOf } from "../wire/request-server.ts";

/** TLS servers that answer calls correctly. */
function ofTls(tls: TlsOptions): Record<"http" | "grpc", StartFaulty> {
  return {
    // Node's HTTPS server closes the connection of a client without a certificate, and sends no alert.
    http: () => listen(createServer(tls, (socket) => socket.once("data", () => socket.end(replyOf())))),
    grpc: () => {
      const server = createSecureServer(tls);
      server.on("stream", (stream) => sendGrpc(stream, { body: goodBody }));
      return listen(server);
    },
  };
}

function at(host: string, tls?: ClientOptions["tls"]) {
  return (port: number) => ({ url: `https://${host}:${port}/`, ...(tls && { tls }) });
}

const trusting = at("localhost", { ca });
const mutual = { ...serverCertificate, ca, requestCert: true, rejectUnauthorized: true };
const alert = (description: number) => Buffer.from([21, 3, 3, 0, 2, 2, description]);

const list: readonly Twin[] = [
  { title: "valid TLS", start: ofTls(serverCertificate), ...succeeds, options: trusting },
  {
    title: "TLS: a certificate of an unknown authority",
    start: ofTls(serverCertificate),
    ...untrusted,
    options: at("localhost"),
  },
  {
    title: "TLS: a self-signed certificate",
    start: ofTls(expiredCertificate),
    ...untrusted,
    options: at("localhost"),
  },
  {
    title: "TLS: an expired certificate",
    start: ofTls(expiredCertificate),
    ...untrusted,
    options: at("localhost", { ca: expiredCertificate.cert }),
  },
  {
    title: "TLS: a certificate of another name",
    start: ofTls(serverCertificate),
    ...untrusted,
    options: at("127.0.0.1", { ca }),
  },
  {
    title: "TLS: a server that requires a client certificate",
    start: ofTls(mutual),
    ...untrusted,
    options: trusting,
  },
  {
    title: "TLS 1.2: a server that requires a client certificate",
    start: ofTls({ ...mutual, maxVersion: "TLSv1.2" }),
    ...untrusted,
    options: trusting,
  },
  {
    title: "TLS: no cipher in common",
    start: ofTls({ ...serverCertificate, maxVersion: "TLSv1.2", ciphers: "ECDHE-RSA-AES128-GCM-SHA256" }),
    ...untrusted,
    options: trusting,
  },
  {
    title: "TLS: a server of TLS 1.0 only",
    start: ofTls({
      ...serverCertificate,
      minVersion: "TLSv1",
      maxVersion: "TLSv1",
      ciphers: "DEFAULT@SECLEVEL=0",
    }),
    ...untrusted,
    options: trusting,
  },
  {
    title: "TLS: an alert instead of a handshake",
    start: ofSockets((socket) => socket.once("data", () => socket.end(alert(40)))),
    ...untrusted,
    options: trusting,
  },
  {
    title: "TLS: noise instead of a handshake",
    start: ofSockets((socket) => socket.once("data", () => socket.end(Buffer.alloc(99, 0xe7)))),
    ...untrusted,
    options: trusting,
  },
  {
    title: "TLS: closed during the handshake",
    start: ofSockets((socket) => socket.once("data", () => socket.end())),
    ...unprocessed,
    options: trusting,
  },
  {
    title: "TLS: reset during the handshake",
    start: ofSockets((socket) => socket.once("data", () => socket.resetAndDestroy())),
    ...unprocessed,
    options: trusting,
  },
  { title: "TLS: plain text at an https url", start: goodServers, ...untrusted, options: trusting },
];

// A TLS server takes the plain preface for a broken handshake.
const tlsAlone: StartFaulty = () => listen(createServer(serverCertificate));
// Node's server closes the connection without an alert, so the client cannot know why.
const mistrusting = { ...mutual, ca: expiredCertificate.cert };
const mistrusted = {
  title: "TLS: a server that distrusts the client's certificate, without an alert",
  start: ofTls(mistrusting).http,
  options: at("localhost", { ca, ...clientCertificate }),
};

export const tlsFaults = [
  ...overBoth(list),
  ...over("http", [
    { ...mistrusted, ...lost },
    { title: "TLS at an http url", start: tlsAlone, ...lost },
    {
      title: "TLS: a server of HTTP/2 only",
      start: () => listen(createSecureServer({ ...serverCertificate, allowHTTP1: false })),
      ...untrusted,
      options: trusting,
    },
  ]),
  ...over("grpc", [
    { ...mistrusted, start: ofTls(mistrusting).grpc, ...unprocessed },
    { title: "TLS at an http url", start: tlsAlone, ...unprocessed },
    {
      title: "TLS: a server of HTTP/1.1 only",
      start: () => listen(createHttpsServer(serverCertificate, (_request, response) => response.end())),
      ...untrusted,
      options: trusting,
    },
  ]),
];
