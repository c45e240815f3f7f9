import type { DescService } from "@bufbuild/protobuf";
import { centrifugoApi } from "../schema/default-api.ts";

/** Global, as the client may be one of another copy of the package. */
const key = Symbol.for("tscent.service");

/** Lets {@link serviceOf} find the service of a client. A function, as `console.log` of a descriptor takes seconds. */
export function keepService<Client extends object>(client: Client, service: DescService): Client {
  return Object.defineProperty(client, key, { value: () => service });
}

/** The service of a client. A stand-in for one, such as a mock, has this package's. */
export function serviceOf(client: object): DescService {
  return (Reflect.get(client, key) as (() => DescService) | undefined)?.() ?? centrifugoApi();
}
