import { X509Certificate } from "node:crypto";
import { rootCertificates } from "node:tls";
import { describe, expect, test } from "vitest";
import { createClient } from "../../src/index.ts";
import { protocols } from "../harness/scripted-server.ts";
import { ca, clientCertificate, serverCertificate } from "../harness/test-certificates.ts";

/** A certificate whose text has a fault in its first line. */
const faulty = ca.replace("\nMII", "\n!!!");
const der = new X509Certificate(ca).raw;
const ofServer = serverCertificate;

describe.each(protocols)("%s: tls", (transport) => {
  const create = (tls: object) => () => createClient({ transport, url: "https://localhost:1", tls });

  test.each<readonly [title: string, tls: object, message: RegExp]>([
    ["ca that is not PEM", { ca: "nonsense" }, /^tls\.ca: expected certificates as PEM: /],
    ["ca with a fault", { ca: faulty }, /^tls\.ca: expected certificates as PEM: /],
    ["ca that is cut short", { ca: ca.slice(0, -40) }, /^tls\.ca: expected certificates as PEM: /],
    ["ca with a fault in its second certificate", { ca: ca + faulty }, /^tls\.ca: expected certificates/],
    ["ca whose lines are indented", { ca: ca.replaceAll(/^/gm, "  ") }, /^tls\.ca: expected certificates/],
    ["ca behind a word", { ca: `ca: ${ca}` }, /^tls\.ca: expected certificates as PEM: /],
    ["ca as DER", { ca: der }, /^tls\.ca: expected certificates as PEM: /],
    ["ca that is a key", { ca: ofServer.key }, /^tls\.ca: expected certificates as PEM: /],
    ["ca with one bad element", { ca: [ca, "nonsense"] }, /^tls\.ca\[1\]: expected certificates as PEM: /],
    ["ca with an empty element", { ca: [Buffer.alloc(0), ca] }, /^tls\.ca\[0\]: expected certificates/],
    ["an empty ca", { ca: "" }, /^tls\.ca: expected PEM, got nothing$/],
    ["a ca of an empty array", { ca: [] }, /^tls\.ca: expected PEM, got nothing$/],
    ["a ca of an empty Buffer", { ca: Buffer.alloc(0) }, /^tls\.ca: expected PEM, got nothing$/],
    ["cert without key", { cert: ofServer.cert }, /^tls\.cert: expected key beside it$/],
    ["key without cert", { key: ofServer.key }, /^tls\.key: expected cert beside it$/],
    ["an empty cert", { ...ofServer, cert: "" }, /^tls\.cert: expected PEM, got nothing$/],
    ["an empty key", { ...ofServer, key: Buffer.alloc(0) }, /^tls\.key: expected PEM, got nothing$/],
    [
      "a key of another cert",
      { ...ofServer, key: clientCertificate.key },
      /^tls: expected .* belong together/,
    ],
    ["a servername that is not a string", { servername: 5 }, /^tls\.servername: expected a string, got 5$/],
  ])("createClient refuses %s", (_title, tls, message) => {
    expect(create(tls)).toThrow(TypeError);
    expect(create(tls)).toThrow(message);
  });

  const commented = `# ours\n${ca}\nissuer: theirs\n${clientCertificate.cert}# the end`;
  const old = ca.replaceAll("CERTIFICATE", "X509 CERTIFICATE");

  test.each<readonly [title: string, tls: object]>([
    ["several certificates with comments", { ca: commented }],
    ["certificates with comments as bytes", { ca: Buffer.from(commented) }],
    ["a Uint8Array that is not a Buffer", { ca: new TextEncoder().encode(ca) }],
    ["an array of text and bytes", { ca: [commented, Buffer.from(ca)] }],
    ["a byte order mark and the line ends of Windows", { ca: `\ufeff${ca.replaceAll("\n", "\r\n")}` }],
    ["the older label X509 CERTIFICATE", { ca: old }],
    ["a key among the certificates", { ca: ofServer.key + ca }],
    ["a chain of certificates", { cert: ofServer.cert + ca, key: ofServer.key }],
    ["bytes for cert and key", { cert: Buffer.from(ofServer.cert), key: Buffer.from(ofServer.key) }],
    ["the authorities of Node.js", { ca: [...rootCertificates] }],
    ["undefined for each option", { ca: undefined, cert: undefined, key: undefined, servername: undefined }],
  ])("createClient accepts %s", async (_title, tls) => {
    await create(tls)().close();
  });
});
