/**
 * The path of an RPC without a field in `Command`: `http_stats` for `HTTPStats`, `rpc` for `RPC`. A capital begins a word
 * if no capital is before it, or a lower-case letter is behind it.
 */
export function rpcPath(name: string): string {
  return name
    .replace(/(?<![A-Z])[A-Z]|[A-Z](?=[a-z])/g, "_$&")
    .replace(/^_/, "")
    .toLowerCase();
}

/** The client's name of such an RPC as a type, from protobuf-es's name: `httpStats` from `hTTPStats`. */
export type RpcMethodName<Name extends string> = Uncapitalize<Words<Capitalize<Name>>>;

/** Makes capitals that do not begin a word lower case. */
type Words<Text extends string, Before extends string = ""> = Text extends `${infer First}${infer Rest}`
  ? `${BeginsWord<First, Before, Rest> extends true ? First : Lowercase<First>}${Words<Rest, First>}`
  : "";

type BeginsWord<First extends string, Before extends string, Rest extends string> =
  IsCapital<Before> extends true
    ? Rest extends `${infer Next}${string}`
      ? [IsCapital<Next>, IsCapital<Capitalize<Next>>] extends [false, true]
        ? IsCapital<First>
        : false
      : false
    : true;

type IsCapital<Character extends string> = Character extends Lowercase<Character> ? false : true;
