import { resolve } from "node:path";

/** The tarball that a release publishes and TSCENT_TARBALL names. Undefined elsewhere: the tests pack one themselves. */
export function givenTarball(): string | undefined {
  const { TSCENT_TARBALL: path } = process.env;
  return path ? resolve(path) : undefined;
}
