import type { Transport } from "@connectrpc/connect";
import { expectTypeOf, test } from "vitest";
import type { CentClient, ClientOptions, TransportOptions } from "../../src/index.ts";
import { createClient } from "../../src/index.ts";

// This project has exactOptionalPropertyTypes. required-url.test.ts compiles the same errors without it.
declare const transport: Transport;
declare const variable: string | undefined;
declare const either: ClientOptions | TransportOptions;

test("createClient without url does not compile, unless transport is an object", () => {
  // @ts-expect-error url is missing
  createClient({ apiKey: "key" });
  // @ts-expect-error url is missing
  createClient({ transport: "grpc" });
  expectTypeOf(createClient({ transport, apiKey: "key" })).toEqualTypeOf<CentClient>();
  expectTypeOf(createClient({ transport, int64: "bigint" })).toExtend<object>();
  expectTypeOf(createClient(either)).toEqualTypeOf<CentClient>();
});

test("createClient with a url that may be undefined does not compile", () => {
  // @ts-expect-error the variable may be undefined
  createClient({ url: variable });
  // @ts-expect-error the variable may be undefined
  createClient({ url: variable, transport: "grpc" });
  createClient({ url: variable ?? "http://localhost:8000/api" });
  createClient({ url: new URL("http://localhost:8000/api") });
});

test("createClient with a transport object and an option of our transports does not compile", () => {
  // @ts-expect-error a transport has its own address
  createClient({ transport, url: "http://localhost:8000/api" });
  // @ts-expect-error a transport has its own TLS settings
  createClient({ transport, tls: {} });
});
