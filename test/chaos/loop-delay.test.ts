import { expect, test, vi } from "vitest";
import { LoopDelay } from "./client/loop-delay.ts";

test("a delay of several seconds is reported as a number, though seconds without a measurement lie in it", () => {
  const times = vi.spyOn(performance, "now");
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  try {
    times.mockReturnValue(0);
    using delay = new LoopDelay();
    times.mockReturnValue(3_500);
    vi.advanceTimersByTime(5);
    expect(delay.between(0, 3_500)).toBe(3_495);
  } finally {
    vi.useRealTimers();
    times.mockRestore();
  }
});
