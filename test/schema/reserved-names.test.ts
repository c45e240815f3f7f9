import { expect, test } from "vitest";
import { isReservedName } from "../../src/schema/reserved-names.ts";

test("the client keeps `then` and `close` for itself, and leaves other names to RPCs", () => {
  expect(["then", "close", "toString", "publish", "Then", ""].map(isReservedName)).toEqual([
    true,
    true,
    true,
    false,
    false,
    false,
  ]);
});
