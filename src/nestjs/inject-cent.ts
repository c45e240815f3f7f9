import { Inject } from "@nestjs/common";

/** The token of the client of a `CentModule`, for `overrideProvider` and `inject`. */
export const getCentToken = (name?: string): string => (name ? `CentClient ${name}` : "CentClient");
/** The token of a test's client and server. A `CentModule` takes that client in place of its own. */
export const testToken = (name?: string): string => `${getCentToken(name)} of CentTestingModule`;

/** Injects a client into a constructor or property: `constructor(@InjectCent() private readonly cent: CentClient)`. */
export const InjectCent = (name?: string): ReturnType<typeof Inject> => Inject(getCentToken(name));
