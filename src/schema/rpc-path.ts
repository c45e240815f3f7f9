/**
 * The path of an RPC to which the schema gives no other name: `HTTPStats` is `http_stats`, as `RPC` is `rpc`. A capital
 * begins a word, unless it is inside of several or at their end.
 */
export function rpcPath(name: string): string {
  return name
    .replace(/(?<![A-Z])[A-Z]|[A-Z](?=[a-z])/g, "_$&")
    .replace(/^_/, "")
    .toLowerCase();
}

/** The client's name of such an RPC as a type, from protobuf-es's name of it: `hTTPStats` is `httpStats`. */
export type RpcMethodName<Name extends string> = Uncapitalize<Words<Capitalize<Name>>>;

/** Lowers the capitals that begin no word. */
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
