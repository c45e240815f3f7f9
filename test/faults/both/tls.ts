import { createSecureServer } from "node:http2";
import { createServer as createHttpsServer } from "node:https";
import { createServer as createTcpServer } from "node:net";
import type { TlsOptions } from "node:tls";
import { createSecureContext, createServer, TLSSocket } from "node:tls";
import type { ClientOptions } from "../../../src/index.ts";
import { listen } from "../../harness/listening-server.ts";
import { ofReply, ofSockets, ofStreams, sendGrpc } from "../../harness/misbehaving-server.ts";
import {
  ca,
  clientCertificate,
  expiredCertificate,
  serverCertificate,
} from "../../harness/test-certificates.ts";
import type { StartFaulty, Twin } from "../fault.ts";
import { over, overBoth } from "../fault.ts";
import { lost, succeeds, unprocessed, untrusted } from "../rules.ts";
import { settings } from "../wire/frames.ts";
import { emptyResult } from "../wire/request-server.ts";

const good = {
  http: ofReply(200, emptyResult),
  grpc: ofStreams((stream) => sendGrpc(stream, { body: Buffer.from([0, 0, 0, 0, 2, 18, 0]) })),
};

/** Servers that would answer well, if only the connection were made. */
function ofTls(tls: TlsOptions): Record<"http" | "grpc", StartFaulty> {
  return {
    http: () => listen(createHttpsServer(tls, (_request, response) => response.end(emptyResult))),
    grpc: () => {
      const server = createSecureServer(tls);
      server.on("stream", (stream) => sendGrpc(stream, { body: Buffer.from([0, 0, 0, 0, 2, 18, 0]) }));
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

/** Makes the connection, reads the request, and then writes bytes below TLS. */
function belowTls(bytes: Buffer, protocol: "h2" | "http/1.1"): StartFaulty {
  return () =>
    listen(
      createTcpServer((bare) => {
        const secureContext = createSecureContext(serverCertificate);
        const socket = new TLSSocket(bare, { isServer: true, secureContext, ALPNProtocols: [protocol] });
        socket.on("error", () => bare.destroy());
        if (protocol === "h2") socket.write(settings());
        // The preface and the request come in several pieces.
        socket.once("data", () => setTimeout(() => bare.write(bytes), 30));
      }),
    );
}

const afterRequest = (bytes: Buffer) => ({ http: belowTls(bytes, "http/1.1"), grpc: belowTls(bytes, "h2") });

const list: readonly Twin[] = [
  { title: "TLS as it should be", start: ofTls(serverCertificate), ...succeeds, options: trusting },
  {
    title: "TLS: a certificate of an unknown authority",
    start: ofTls(serverCertificate),
    ...untrusted,
    options: at("localhost"),
  },
  {
    title: "TLS: a certificate that signed itself",
    start: ofTls(expiredCertificate),
    ...untrusted,
    options: at("localhost"),
  },
  {
    title: "TLS: a certificate that has expired",
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
  { title: "TLS: the server wants a certificate", start: ofTls(mutual), ...untrusted, options: trusting },
  {
    title: "TLS 1.2: the server wants a certificate",
    start: ofTls({ ...mutual, maxVersion: "TLSv1.2" }),
    ...untrusted,
    options: trusting,
  },
  {
    title: "TLS: the server does not trust the client's certificate",
    start: ofTls({ ...mutual, ca: expiredCertificate.cert }),
    ...untrusted,
    options: at("localhost", { ca, ...clientCertificate }),
  },
  {
    title: "TLS: no cipher in common",
    start: ofTls({ ...serverCertificate, maxVersion: "TLSv1.2", ciphers: "ECDHE-RSA-AES128-GCM-SHA256" }),
    ...untrusted,
    options: trusting,
  },
  {
    title: "TLS: nothing but TLS 1.0",
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
    title: "TLS: closed amid the handshake",
    start: ofSockets((socket) => socket.once("data", () => socket.end())),
    ...unprocessed,
    options: trusting,
  },
  {
    title: "TLS: reset amid the handshake",
    start: ofSockets((socket) => socket.once("data", () => socket.resetAndDestroy())),
    ...unprocessed,
    options: trusting,
  },
  { title: "TLS: plain text behind https", start: good, ...untrusted, options: trusting },
  {
    title: "TLS: noise after the request",
    start: afterRequest(Buffer.alloc(99, 0xe7)),
    ...lost,
    options: trusting,
  },
  {
    title: "TLS: a forged record after the request",
    start: afterRequest(Buffer.concat([Buffer.from([23, 3, 3, 0, 40]), Buffer.alloc(40, 7)])),
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

/** A server of TLS alone takes the plain preface for a broken handshake, and closes. */
const tlsAlone: StartFaulty = () => listen(createServer(serverCertificate));

export const tlsFaults = [
  ...overBoth(list),
  ...over("http", [
    { title: "TLS behind http", start: tlsAlone, ...lost },
    {
      title: "TLS: HTTP/2 alone",
      start: () => listen(createSecureServer({ ...serverCertificate, allowHTTP1: false })),
      ...untrusted,
      options: trusting,
    },
  ]),
  ...over("grpc", [
    { title: "TLS behind http", start: tlsAlone, ...unprocessed },
    {
      title: "TLS: HTTP/1.1 alone",
      start: () => listen(createHttpsServer(serverCertificate, (_request, response) => response.end())),
      ...unprocessed,
      options: trusting,
    },
  ]),
];
