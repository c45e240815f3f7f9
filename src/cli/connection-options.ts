import type { OptionKinds } from "./arguments.ts";

/** The options of each command that calls a server. */
export const connectionOptions: OptionKinds = {
  url: "value",
  transport: "value",
  "api-key": "value",
  "api-key-file": "value",
  "timeout-ms": "value",
  "tls-ca": "value",
  "tls-cert": "value",
  "tls-key": "value",
};

/** Their lines in a help page. */
export const connectionHelp: readonly (readonly [string, string])[] = [
  [
    "--url <url>",
    "the address of the API, http://localhost:8000/api or, for gRPC, http://localhost:10000 (default: CENT_URL)",
  ],
  ["--transport <name>", "http or grpc (default: CENT_TRANSPORT, or http)"],
  ["--api-key-file <file>", "a file with the key of the API (default: the key in CENT_API_KEY)"],
  ["--api-key <key>", "the key itself, which anybody on this machine can read in the output of ps"],
  ["--timeout-ms <n>", "milliseconds for each call (default: CENT_TIMEOUT_MS, or 10000)"],
  ["--tls-ca <file>", "certificates to trust, as PEM, in place of the built-in ones"],
  ["--tls-cert <file>", "the client's certificate, as PEM"],
  ["--tls-key <file>", "the private key of that certificate, as PEM"],
];
