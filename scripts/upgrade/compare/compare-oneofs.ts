import type { DescMessage, DescOneof } from "@bufbuild/protobuf";
import { nameInFile } from "../schema/elements.ts";
import type { Change } from "./change.ts";
import { compareMarks } from "./compare-marks.ts";

const breaking = "generated messages hold its fields under its name";

/** The differences between the oneofs of two versions of a message. A field that moved into one or out of one is retyped. */
export function compareOneofs(before: DescMessage, after: DescMessage): Change[] {
  const renames = renamedOneofs(before, after);
  const successor = ({ name }: DescOneof) => named(after, renames.get(name) ?? name);
  const pairs = before.oneofs.flatMap((was): (readonly [DescOneof, DescOneof])[] => {
    const is = successor(was);
    return is === undefined ? [] : [[was, is]];
  });
  const kept = new Set(pairs.map(([, is]) => is));
  return [
    ...after.oneofs
      .filter((oneof) => !kept.has(oneof))
      .map((oneof): Change => ({ kind: "added", element: "oneof", name: nameInFile(oneof) })),
    ...before.oneofs
      .filter((oneof) => successor(oneof) === undefined)
      .map((oneof): Change => ({ kind: "removed", element: "oneof", name: nameInFile(oneof), breaking })),
    ...pairs
      .filter(([was, is]) => was.name !== is.name)
      .map(([was, is]): Change => {
        const formerName = nameInFile(was);
        return { kind: "renamed", element: "oneof", name: nameInFile(is), formerName, breaking };
      }),
    ...pairs.flatMap((pair) => compareMarks("oneof", nameInFile(pair[1]), pair)),
  ];
}

/** The oneofs that have another name for the same numbers: old name to new. */
export function renamedOneofs(before: DescMessage, after: DescMessage): Map<string, string> {
  const numbers = (oneof: DescOneof) => oneof.fields.map(({ number }) => number).join();
  const renames = before.oneofs
    .filter(({ name }) => named(after, name) === undefined)
    .flatMap((was) => {
      const is = after.oneofs.find(
        (oneof) => named(before, oneof.name) === undefined && numbers(oneof) === numbers(was),
      );
      return is === undefined ? [] : [[was.name, is.name] as const];
    });
  return new Map(renames);
}

function named(message: DescMessage, name: string): DescOneof | undefined {
  return message.oneofs.find((oneof) => oneof.name === name);
}
