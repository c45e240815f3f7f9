import type { DescEnum, DescFile, DescMessage } from "@bufbuild/protobuf";
import { enumsOf, messagesOf } from "../schema/elements.ts";

type Type = DescMessage | DescEnum;

/** Gives a type the shortest name under which it is found from a message or service. */
export type NameFrom = (scope: { readonly typeName: string }, type: Type) => string;

/** Names for the types of a file and of those that it imports. */
export function typeNames(file: DescFile): NameFrom {
  const files = [file, ...file.dependencies];
  const types = new Set(
    files.flatMap((one) => [...messagesOf(one), ...enumsOf(one)]).map(({ typeName }) => typeName),
  );
  const packages = new Set(files.flatMap(({ proto }) => prefixes(proto.package)));

  /** What a name means in a scope: its first part is looked for from the inside out, and where it is found the rest must be. */
  const resolve = (name: string, scope: string): string | undefined => {
    const [first = ""] = name.split(".");
    const found = [...prefixes(scope), ""].find((outer) => {
      const candidate = join(outer, first);
      return types.has(candidate) || (first !== name && packages.has(candidate));
    });
    return found === undefined ? undefined : join(found, name);
  };

  return (scope, { typeName }) => {
    const parts = typeName.split(".");
    const names = parts.map((_part, index) => parts.slice(-1 - index).join("."));
    return names.find((name) => resolve(name, scope.typeName) === typeName) ?? `.${typeName}`;
  };
}

/** `a.b.c`, `a.b`, `a`: the longest first. */
function prefixes(name: string): string[] {
  const parts = name.split(".");
  return name === "" ? [] : parts.map((_part, index) => parts.slice(0, parts.length - index).join("."));
}

function join(outer: string, name: string): string {
  return outer === "" ? name : `${outer}.${name}`;
}
