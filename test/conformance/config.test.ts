import { describe, expect, inject, test } from "vitest";
import type { CentrifugoConfig } from "../../scripts/real-centrifugo.ts";
import { startCentrifugo } from "../../scripts/real-centrifugo.ts";
import { acceptedConfigs, refusedConfigs } from "../testing/config-cases.ts";
import { whyNotReal } from "./servers.ts";

// The tests of the embedded server use the same cases. Here a real server shows that the cases are true.
const { location } = inject("realServer");
const obstacle = whyNotReal("a configuration of its own");

describe.skipIf(obstacle !== "")(`a real Centrifugo${obstacle && ` (skipped: ${obstacle})`}`, () => {
  const start = async (config: unknown) => {
    if (location === undefined || !("binary" in location)) throw new Error("there is no binary to start");
    await using _ = await startCentrifugo(location.binary, config as CentrifugoConfig);
  };

  test.concurrent.each(refusedConfigs.map(([config]) => [config]))(
    "a real Centrifugo refuses %j",
    async (config) => {
      await expect(start(config)).rejects.toThrow("instead of starting");
    },
  );

  test.concurrent.each(acceptedConfigs.map((config) => [config]))(
    "a real Centrifugo starts with %j",
    async (config) => {
      await expect(start(config)).resolves.toBeUndefined();
    },
  );
});
