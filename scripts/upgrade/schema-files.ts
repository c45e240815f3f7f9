/** A schema of Centrifugo that this repository keeps, with comments of its own. */
export interface SchemaFile {
  /** Where a release of Centrifugo has it, in its repository. */
  readonly upstream: string;
  /** Where this repository has it, below `proto/`. */
  readonly path: string;
  readonly packageName: string;
  /** Whether the client has a method for each RPC. */
  readonly hasClientMethods: boolean;
}

/** All schemas. A further one needs a row here, and nothing else of the upgrade. */
export const schemaFiles: readonly SchemaFile[] = [
  {
    upstream: "internal/apiproto/api.proto",
    path: "centrifugal/centrifugo/api/api.proto",
    packageName: "centrifugal.centrifugo.api",
    hasClientMethods: true,
  },
  {
    upstream: "internal/proxyproto/proxy.proto",
    path: "centrifugal/centrifugo/proxy/proxy.proto",
    packageName: "centrifugal.centrifugo.proxy",
    hasClientMethods: false,
  },
];
