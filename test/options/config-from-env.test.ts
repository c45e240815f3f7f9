import { inspect } from "node:util";
import { afterEach, describe, expect, test, vi } from "vitest";
import { configFromEnv, createClient } from "../../src/index.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

describe("configFromEnv", () => {
  test("configFromEnv reads the four variables", () => {
    const environment = {
      CENT_TRANSPORT: "grpc",
      CENT_URL: "http://localhost:10000",
      CENT_API_KEY: "key",
      CENT_TIMEOUT_MS: "2500",
      CENT_OTHER: "ignored",
    };
    expect(configFromEnv(environment)).toStrictEqual({
      transport: "grpc",
      url: "http://localhost:10000",
      apiKey: "key",
      timeoutMs: 2500,
    });
  });

  test("a log of the options hides the key, and shows no key where there is none", () => {
    const url = "http://localhost:10000";
    const withKey = configFromEnv({ CENT_URL: url, CENT_API_KEY: "key-of-this-test" });
    expect(inspect(withKey)).toBe(inspect({ url, apiKey: "(secret)" }));
    expect(inspect(configFromEnv({ CENT_URL: url }))).toBe(inspect({ url }));
  });

  test("configFromEnv leaves out unset and empty variables", () => {
    expect(configFromEnv({})).toStrictEqual({});
    expect(
      configFromEnv({ CENT_TRANSPORT: "", CENT_URL: "", CENT_API_KEY: "", CENT_TIMEOUT_MS: "" }),
    ).toStrictEqual({});
    expect(configFromEnv({ CENT_TIMEOUT_MS: "0" })).toStrictEqual({ timeoutMs: 0 });
  });

  test("configFromEnv reads the environment of the process by default", () => {
    vi.stubEnv("CENT_TRANSPORT", "http");
    vi.stubEnv("CENT_URL", "http://from.environment/api");
    vi.stubEnv("CENT_API_KEY", undefined);
    vi.stubEnv("CENT_TIMEOUT_MS", undefined);
    expect(configFromEnv()).toStrictEqual({ transport: "http", url: "http://from.environment/api" });
  });

  test.each([
    [{ CENT_TRANSPORT: "HTTP" }, "CENT_TRANSPORT: expected http or grpc, got HTTP"],
    [{ CENT_TRANSPORT: "websocket" }, "CENT_TRANSPORT: expected http or grpc, got websocket"],
    [{ CENT_TIMEOUT_MS: "10s" }, "CENT_TIMEOUT_MS: expected milliseconds, got 10s"],
    [{ CENT_TIMEOUT_MS: "-1" }, "CENT_TIMEOUT_MS: expected milliseconds, got -1"],
    [{ CENT_TIMEOUT_MS: "1.5" }, "CENT_TIMEOUT_MS: expected milliseconds, got 1.5"],
    [{ CENT_TIMEOUT_MS: " 5" }, "CENT_TIMEOUT_MS: expected milliseconds, got  5"],
  ])("configFromEnv refuses %o", (environment, message) => {
    expect(() => configFromEnv(environment)).toThrow(new TypeError(message));
  });

  test("createClient refuses wrong values of configFromEnv, and names the option", () => {
    const open = (environment: Record<string, string>) => () => createClient(configFromEnv(environment));
    expect(open({})).toThrow("url: expected the address of the HTTP API");
    expect(open({ CENT_URL: "localhost:8000" })).toThrow(
      "url: expected the scheme http: or https:, got localhost:",
    );
    expect(open({ CENT_URL: "http://x", CENT_TIMEOUT_MS: "9999999999" })).toThrow(
      "timeoutMs: expected milliseconds",
    );
    expect(open({ CENT_URL: "http://x", CENT_API_KEY: "a b" })).toThrow(
      "apiKey: expected one or more visible ASCII characters",
    );
  });
});
