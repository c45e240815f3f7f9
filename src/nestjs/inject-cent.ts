import { Inject } from "@nestjs/common";

/** The token of a client, for `inject` and `overrideProvider`. The name is the one that its `CentModule` has. */
export const getCentToken = (name?: string): string => (name ? `CentClient ${name}` : "CentClient");
/** The token of a test's client and server. A `CentModule` takes that client in place of its own. */
export const testToken = (name?: string): string => `${getCentToken(name)} of CentTestingModule`;

/** Injects a client into a parameter or property: `constructor(@InjectCent() private readonly cent: CentClient)`. */
export const InjectCent = (name?: string): ReturnType<typeof Inject> => Inject(getCentToken(name));
