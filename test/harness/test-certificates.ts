import { readFileSync } from "node:fs";

function pem(name: string): string {
  return readFileSync(new URL(`test-only-certificates/${name}.pem`, import.meta.url), "utf8");
}

/** The authority that signed the certificates of the server and the client. */
export const ca = pem("ca");
/** A server at `localhost` or `tscent.test`. */
export const serverCertificate = { cert: pem("server"), key: pem("server-key") };
export const clientCertificate = { cert: pem("client"), key: pem("client-key") };
/** A server at `localhost` that signed its own certificate, which has expired. */
export const expiredCertificate = { cert: pem("expired"), key: pem("expired-key") };
