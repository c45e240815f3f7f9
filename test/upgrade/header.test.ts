import { describe, expect, test } from "vitest";
import { headerRelease, headerSaying, isNewer } from "../../scripts/upgrade/comments/header.ts";
import { lostComments } from "../../scripts/upgrade/comments/lost-comments.ts";

const header = (line: string) => ({ text: [line, "", "More."], detached: [] });
const exactly = header("The server API of Centrifugo, as version 6.9.1 speaks it.");

describe("the header", () => {
  test.each([
    ["The server API of Centrifugo, as version 6.9.1 speaks it.", { version: "6.9.1", exact: true }],
    ["The server API of Centrifugo, newer than version 6.9.1.", { version: "6.9.1", exact: false }],
    [
      "The server API of Centrifugo, other than version 6.10.0-rc.1.",
      { version: "6.10.0-rc.1", exact: false },
    ],
    ["The server API of Centrifugo.", undefined],
  ])("%s", (line, expected) => {
    expect(headerRelease(header(line))).toEqual(expected);
  });

  test("names another release, and keeps the rest", () => {
    expect(headerSaying(exactly, { release: "6.10.0" })).toEqual(
      header("The server API of Centrifugo, as version 6.10.0 speaks it."),
    );
    const newer = headerSaying(exactly, { relation: "newer" });
    expect(newer).toEqual(header("The server API of Centrifugo, newer than version 6.9.1."));
    expect(headerSaying(newer, { relation: "other" })).toEqual(
      header("The server API of Centrifugo, other than version 6.9.1."),
    );
    expect(headerSaying(newer, { release: "7.0.0" })).toEqual(
      header("The server API of Centrifugo, as version 7.0.0 speaks it."),
    );
  });

  test("stays as it is where it names none", () => {
    expect(headerSaying(header("Ours."), { release: "6.10.0" })).toEqual(header("Ours."));
    expect(headerSaying(undefined, { release: "6.10.0" })).toBeUndefined();
  });

  test.each([
    ["6.10.0", "6.9.1", true],
    ["6.9.1", "6.10.0", false],
    ["6.9.1", "6.9.1", false],
    ["7.0.0", "6.99.99", true],
    ["6.9.1", "6.9.1-rc.1", true],
    ["6.9.1-rc.1", "6.9.1", false],
    ["6.9.1-rc.2", "6.9.1-rc.1", true],
  ])("%s is newer than %s: %s", (version, other, expected) => {
    expect(isNewer(version, other)).toBe(expected);
  });
});

test("slashes in a string are no comment", () => {
  expect(lostComments("option x = \"http://a\"; option y = 'b//c'; a / b", new Map())).toEqual([]);
  expect(lostComments('option x = "a"; // b', new Map())).toEqual(["b"]);
});
