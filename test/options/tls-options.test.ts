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

describe.each(protocols)("%s: tls that cannot work is refused at once:", (transport) => {
  const create = (tls: object) => () => createClient({ transport, url: "https://localhost:1", tls });

  test.each<readonly [title: string, tls: object, message: RegExp]>([
    ["ca that is no PEM", { ca: "nonsense" }, /^tls\.ca: expected certificates as PEM: /],
    ["ca with a fault", { ca: faulty }, /^tls\.ca: expected certificates as PEM: /],
    ["ca that is cut", { ca: ca.slice(0, -40) }, /^tls\.ca: expected certificates as PEM: /],
    ["ca with a fault in its second certificate", { ca: ca + faulty }, /^tls\.ca: expected certificates/],
    ["ca whose lines are indented", { ca: ca.replaceAll(/^/gm, "  ") }, /^tls\.ca: expected certificates/],
    ["ca behind a word", { ca: `ca: ${ca}` }, /^tls\.ca: expected certificates as PEM: /],
    ["ca as DER", { ca: der }, /^tls\.ca: expected certificates as PEM: /],
    ["ca that is a key", { ca: ofServer.key }, /^tls\.ca: expected certificates as PEM: /],
    ["ca with one bad element", { ca: [ca, "nonsense"] }, /^tls\.ca\[1\]: expected certificates as PEM: /],
    ["ca with an empty element", { ca: [Buffer.alloc(0), ca] }, /^tls\.ca\[0\]: expected certificates/],
    ["an empty ca", { ca: "" }, /^tls\.ca: expected PEM, got nothing$/],
    ["ca without an element", { ca: [] }, /^tls\.ca: expected PEM, got nothing$/],
    ["ca without a byte", { ca: Buffer.alloc(0) }, /^tls\.ca: expected PEM, got nothing$/],
    ["cert without key", { cert: ofServer.cert }, /^tls\.cert: expected key beside it$/],
    ["key without cert", { key: ofServer.key }, /^tls\.key: expected cert beside it$/],
    ["an empty cert", { ...ofServer, cert: "" }, /^tls\.cert: expected PEM, got nothing$/],
    ["an empty key", { ...ofServer, key: Buffer.alloc(0) }, /^tls\.key: expected PEM, got nothing$/],
    [
      "a key of another cert",
      { ...ofServer, key: clientCertificate.key },
      /^tls: expected .* belong together/,
    ],
    ["a name that is no string", { servername: 5 }, /^tls\.servername: expected a string, got 5$/],
  ])("%s", (_title, tls, message) => {
    expect(create(tls)).toThrow(TypeError);
    expect(create(tls)).toThrow(message);
  });

  const commented = `# ours\n${ca}\nissuer: theirs\n${clientCertificate.cert}# the end`;
  const old = ca.replaceAll("CERTIFICATE", "X509 CERTIFICATE");

  test.each<readonly [title: string, tls: object]>([
    ["several certificates with comments", { ca: commented }],
    ["the same as bytes", { ca: Buffer.from(commented) }],
    ["bytes that are no Buffer", { ca: new TextEncoder().encode(ca) }],
    ["an array of both", { ca: [commented, Buffer.from(ca)] }],
    [
      "lines that end as on Windows, behind a byte order mark",
      { ca: `\ufeff${ca.replaceAll("\n", "\r\n")}` },
    ],
    ["the older label", { ca: old }],
    ["a key among the certificates", { ca: ofServer.key + ca }],
    ["a chain", { cert: ofServer.cert + ca, key: ofServer.key }],
    ["bytes for both", { cert: Buffer.from(ofServer.cert), key: Buffer.from(ofServer.key) }],
    ["the authorities of Node.js", { ca: [...rootCertificates] }],
    ["nothing", { ca: undefined, cert: undefined, key: undefined, servername: undefined }],
  ])("%s is taken", async (_title, tls) => {
    await create(tls)().close();
  });
});
