import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { isTlsCode } from "../../src/errors/maybe-executed.ts";
import type { CentError } from "../../src/index.ts";
import { clientOf, rejection } from "../harness/expected-error.ts";
import { losingReplies } from "../harness/retrying.ts";
import { protocols } from "../harness/scripted-server.ts";
import { failureCases as cases, fine } from "./failure-cases.ts";

describe.each(protocols)("%s: maybeExecuted", (protocol) => {
  test.each(cases)(
    "a $error for $title says whether the call was executed",
    async ({ server: start, error, maybeExecuted, options = {}, call }) => {
      await using server = await (typeof start === "function" ? start : start[protocol])();
      const { https = false, ...given } = options;
      const url = `${https ? "https" : "http"}://localhost:${server.port}/`;
      await using client = clientOf(protocol, server, { timeoutMs: 5_000, url, ...given });
      const publish = () => client.publish({ channel: "a", data: 1 });
      const thrown = (await rejection(call === undefined ? publish() : call(client))) as CentError;
      expect(thrown.name).toBe(error);
      const expected = typeof maybeExecuted === "boolean" ? maybeExecuted : maybeExecuted[protocol];
      expect(thrown.maybeExecuted).toBe(expected);
    },
  );

  test("an interceptor that fails after the reply leaves maybeExecuted at true", async () => {
    await using server = await fine[protocol]();
    await using client = clientOf(protocol, server, { interceptors: [losingReplies(1)] });
    expect(await rejection(client.info())).toMatchObject({ name: "CentNetworkError", maybeExecuted: true });
  });
});

test("isTlsCode knows the codes of Node.js and OpenSSL for certificates and handshakes", () => {
  const tls =
    "CERT_HAS_EXPIRED DEPTH_ZERO_SELF_SIGNED_CERT SELF_SIGNED_CERT_IN_CHAIN UNABLE_TO_VERIFY_LEAF_SIGNATURE";
  const handshakes = "ERR_TLS_CERT_ALTNAME_INVALID ERR_SSL_WRONG_VERSION_NUMBER";
  for (const code of `${tls} ${handshakes}`.split(" ")) expect([code, isTlsCode(code)]).toEqual([code, true]);
  for (const code of ["ECONNREFUSED", "ECONNRESET", "UND_ERR_SOCKET", "ERR_HTTP2_ERROR", undefined, 1])
    expect([code, isTlsCode(code)]).toEqual([code, false]);
});

describe("the table of errors in docs/errors.md", () => {
  const page = readFileSync("docs/errors.md", "utf8");
  const rows = [...page.matchAll(/^\| `(Cent\w*Error)`[^|]*\|.*\| ([^|]+) \|$/gm)];
  const executed = new Map(rows.map(([, name = "", answer = ""]) => [name, answer]));

  test("the table has a row for each error of this test, and no other", () => {
    expect([...executed.keys()].sort()).toEqual([...new Set(cases.map(({ error }) => error))].sort());
  });

  test.each([...executed])("the table's row of %s agrees with this test: %s", (name, answer) => {
    const answers = cases
      .filter(({ error }) => error === name)
      .flatMap(({ maybeExecuted }) =>
        typeof maybeExecuted === "boolean" ? [maybeExecuted] : Object.values(maybeExecuted),
      );
    // An answer with both words needs a case for each; an answer with one word holds for all cases.
    const said = [true, false].filter((executed) => (executed ? /\bmaybe\b/ : /\bno\b/).test(answer));
    expect([true, false].filter((executed) => answers.includes(executed))).toEqual(said);
  });
});
