import { describe, expect, inject, test } from "vitest";
import type { CentrifugoConfig } from "../../scripts/real-centrifugo.ts";
import { startCentrifugo } from "../../scripts/real-centrifugo.ts";
import { acceptedConfigs, refusedConfigs } from "../testing/config-cases.ts";
import { whyNotReal } from "./servers.ts";

// That the embedded server does so is tested with it; this is whether the cases are true.
const { location } = inject("realServer");
const obstacle = whyNotReal("a configuration of its own");

describe.skipIf(obstacle !== "")(`a real Centrifugo${obstacle && ` (skipped: ${obstacle})`}`, () => {
  const start = async (config: unknown) => {
    if (location === undefined || !("binary" in location)) throw new Error("there is no binary to start");
    await using _ = await startCentrifugo(location.binary, config as CentrifugoConfig);
  };

  test.concurrent.each(refusedConfigs.map(([config]) => [config]))("refuses %j", async (config) => {
    await expect(start(config)).rejects.toThrow("instead of starting");
  });

  test.concurrent.each(acceptedConfigs.map((config) => [config]))("starts with %j", async (config) => {
    await expect(start(config)).resolves.toBeUndefined();
  });
});
