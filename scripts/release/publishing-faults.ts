/** The part of a package.json that only a publisher can fill in. */
export interface PublisherFields {
  readonly author?: unknown;
  readonly bugs?: unknown;
  readonly homepage?: unknown;
  readonly repository?: unknown;
}

/**
 * The reasons not to publish, as one line each; none if all is well.
 *
 * @param building the repository on GitHub that runs the release, as in `owner/name`; undefined elsewhere
 */
export function publishingFaults(fields: PublisherFields, building: string | undefined): string[] {
  const missing = (["repository", "homepage", "bugs", "author"] as const)
    .filter((name) => fields[name] === undefined)
    .map((name) => `package.json has no \`${name}\``);
  const { repository } = fields;
  const url = typeof repository === "string" ? repository : (repository as { url?: string } | undefined)?.url;
  // npm refuses a provenance that names another repository than package.json, but only at the end of a release.
  const named = url
    ?.replace(/\.git$/, "")
    .split(/[/:]/)
    .slice(-2)
    .join("/");
  return building !== undefined && named !== undefined && named !== building
    ? [...missing, `\`repository\` in package.json is ${named}, and the release runs in ${building}`]
    : missing;
}
