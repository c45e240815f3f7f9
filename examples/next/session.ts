// A cookie with the user's name and a signature, in place of your own sign-in. It needs no store that all instances share.
import { createHmac, timingSafeEqual } from "node:crypto";

function signatureOf(name: string): Buffer {
  const { SESSION_SECRET } = process.env;
  if (!SESSION_SECRET) throw new Error("SESSION_SECRET is not set");
  return createHmac("sha256", SESSION_SECRET).update(name).digest();
}

export function cookieOf(name: string): string {
  const value = `${Buffer.from(name).toString("base64url")}.${signatureOf(name).toString("base64url")}`;
  return `session=${value}; HttpOnly; SameSite=Lax; Path=/`;
}

/** The user of a request; undefined without a cookie, or with a wrong signature. */
export function userOf(headers: Headers): string | undefined {
  const [, name = "", given = ""] = /\bsession=([\w-]+)\.([\w-]+)/.exec(headers.get("cookie") ?? "") ?? [];
  const user = Buffer.from(name, "base64url").toString();
  const [signature, expected] = [Buffer.from(given, "base64url"), signatureOf(user)];
  return signature.length === expected.length && timingSafeEqual(signature, expected) ? user : undefined;
}
