import type { CentProxy } from "../../proxy/create-proxy.ts";

interface Endpoint {
  readonly grpc?: { readonly credentials_key: string; readonly credentials_value: string };
}

/** The header with a proxy's secret, as its own configuration has it; undefined if it has none. */
export function secretHeaderOf(proxy: CentProxy): readonly [name: string, value: string] | undefined {
  // JSON shows the secret, which the object hides.
  const { client, channel, rpc } = JSON.parse(JSON.stringify(proxy.config({ url: "grpc://proxy" })));
  const endpoints: (Endpoint | undefined)[] = [
    ...Object.values<Endpoint>({ ...client?.proxy, ...channel?.proxy }),
    rpc?.proxy,
  ];
  const { grpc } = endpoints.find((endpoint) => endpoint?.grpc !== undefined) ?? {};
  return grpc && [grpc.credentials_key, grpc.credentials_value];
}
