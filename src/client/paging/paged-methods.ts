/** A function of a client: its request and its result. */
type CallOf<Method> = Method extends (...call: infer Call extends unknown[]) => Promise<infer Result>
  ? { request: NonNullable<Call[0]>; result: Result }
  : { request: never; result: never };

/** The fields of which a request has one if it can ask for the next page. */
type Place = "cursor" | "since" | "sinceOffset";

type IfPaged<Name, Request> = [Request] extends [never]
  ? never
  : "limit" extends keyof Request
    ? [Place & keyof Request] extends [never]
      ? never
      : Name
    : never;

/** The names of a client's methods that have pages. */
export type PagedMethod<Client> = string extends keyof Client
  ? string
  : { [Name in keyof Client]: IfPaged<Name, CallOf<Client[Name]>["request"]> }[keyof Client] & string;

/** The request of a client's method. */
export type RequestOf<Client, Name> = Name extends keyof Client ? CallOf<Client[Name]>["request"] : never;

/** The result of a client's method: one page. */
export type PageOf<Client, Name> = Name extends keyof Client ? CallOf<Client[Name]>["result"] : never;

/** An element of the only list in a page. */
export type ItemOf<Page> = string extends keyof Page
  ? unknown
  : { [Field in keyof Page]: Page[Field] extends readonly (infer Item)[] ? Item : never }[keyof Page];
