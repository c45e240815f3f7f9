import type { DescMethod, DescService } from "@bufbuild/protobuf";
import { nameInFile } from "../schema/elements.ts";
import { rpcTypes } from "../schema/rpc-types.ts";
import type { Change } from "./change.ts";
import { compareMarks } from "./compare-marks.ts";
import type { RenamedTypes } from "./find-renames.ts";

/** The differences between the RPCs of two versions of a service. One with the types of one that is gone is that one. */
export function compareRpcs(before: DescService, after: DescService, renamed: RenamedTypes): Change[] {
  const typesBefore = (rpc: DescMethod) =>
    rpcTypes(rpc, ({ typeName }) => renamed.get(typeName)?.typeName ?? typeName);
  const typesAfter = (rpc: DescMethod) => rpcTypes(rpc, ({ typeName }) => typeName);
  const gone = new Set(before.methods);
  const fresh = new Set(after.methods);
  const take = (alike: (was: DescMethod, is: DescMethod) => boolean) =>
    [...gone].flatMap((was) => {
      const is = [...fresh].find((rpc) => alike(was, rpc));
      if (is === undefined) return [];
      gone.delete(was);
      fresh.delete(is);
      return [[was, is] as const];
    });
  const same = take((was, is) => was.name === is.name);
  const renames = take((was, is) => typesBefore(was) === typesAfter(is));
  return [
    ...[...fresh].map((rpc) => change("added", rpc, { detail: shownTypes(rpc) })),
    ...[...gone].map((rpc) => change("removed", rpc, { breaking: "the client's method is gone" })),
    ...renames.map(([was, is]) =>
      change("renamed", is, {
        formerName: nameInFile(was),
        breaking: "the client's method and the HTTP path have another name",
      }),
    ),
    ...same
      .filter(([was, is]) => typesBefore(was) !== typesAfter(is))
      .map(([was, is]) =>
        change("retyped", is, {
          detail: `${shownTypes(was)} → ${shownTypes(is)}`,
          breaking: "the method takes or returns something else",
        }),
      ),
    ...[...same, ...renames].flatMap((pair) => compareMarks("rpc", nameInFile(pair[1]), pair)),
  ];
}

function change(kind: Change["kind"], rpc: DescMethod, more: Partial<Change>): Change {
  return { kind, element: "rpc", name: nameInFile(rpc), ...more };
}

function shownTypes(rpc: DescMethod): string {
  return rpcTypes(rpc, nameInFile);
}
