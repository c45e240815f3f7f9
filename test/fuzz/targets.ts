import type { FuzzTarget } from "./fuzz-target.ts";
import { frameTarget } from "./grpc/frame-target.ts";
import { statusTarget } from "./grpc/status-target.ts";
import { jsonTarget } from "./json/json-target.ts";

export const targetNames = ["json", "frames", "statuses"] as const;
export type TargetName = (typeof targetNames)[number];

const samplesPerType = 30;

/** Makes a target, and gives it to `use`. */
export function withTarget<Result>(
  name: TargetName,
  seed: number,
  use: <Input, Value>(target: FuzzTarget<Input, Value>) => Result,
): Result {
  switch (name) {
    case "json":
      return use(jsonTarget(seed, samplesPerType));
    case "frames":
      return use(frameTarget(seed, samplesPerType));
    case "statuses":
      return use(statusTarget());
  }
}
