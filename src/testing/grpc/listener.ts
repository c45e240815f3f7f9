import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";
import type { HandlerContext, Interceptor } from "@connectrpc/connect";
import { Code, ConnectError, createContextKey, createContextValues } from "@connectrpc/connect";
import { compressionGzip, connectNodeAdapter } from "@connectrpc/connect-node";
import type { MethodTable } from "../../schema/method-table.ts";
import type { Backend } from "../backend.ts";
import { registerService } from "../service.ts";
import { asGrpcGo, statusTrailers } from "./status-text.ts";

/** A request that Connect handles. */
interface GrpcCall {
  readonly request: Http2ServerRequest | undefined;
  /** Whether its message was read. Errors from before that are connect-es's own. */
  reached: boolean;
}

const callKey = createContextKey<GrpcCall>({ request: undefined, reached: false });

/** Serves the API as gRPC, through connect-node, with the statuses and messages of a grpc-go server. */
export function grpcListener(
  backend: Backend,
  dropConnection: (clientPort: number) => void,
): (request: Http2ServerRequest, response: Http2ServerResponse) => void {
  const { grpc } = backend.engine.options;
  const calls = new WeakMap<object, GrpcCall>();
  const adapter = connectNodeAdapter({
    connect: false,
    grpcWeb: false,
    readMaxBytes: grpc.maxReceiveBytes,
    acceptCompression: [compressionGzip],
    interceptors: grpc.key === "" ? [] : [authorization(grpc.key)],
    contextValues: (request) =>
      createContextValues().set(callKey, calls.get(request) ?? callKey.defaultValue),
    routes: (router) =>
      registerService(router, backend, {
        name: "grpc",
        reached: (context) => {
          callOf(context).reached = true;
        },
        drop: (context) => dropConnection(callOf(context).request?.socket.remotePort ?? 0),
      }),
    fallback: (request, response) =>
      answerUnknown(backend.table, request.url ?? "", response as Http2ServerResponse),
  });
  return (request, response) => {
    const contentType = request.headers["content-type"] ?? "";
    if (!/^application\/grpc(?:$|[+;])/.test(contentType)) {
      const message = `invalid gRPC request content-type "${contentType}"`;
      response.writeHead(415, statusTrailers({ status: Code.InvalidArgument, message })).end();
      return;
    }
    // A grpc-go server reads protobuf for any subtype, and compresses only replies to compressed requests.
    request.headers["content-type"] = "application/grpc+proto";
    delete request.headers["grpc-accept-encoding"];
    const call: GrpcCall = { request, reached: false };
    calls.set(request, call);
    const addTrailers = response.addTrailers.bind(response);
    response.addTrailers = (trailers) => addTrailers(goTrailers(call, trailers));
    adapter(request, response);
  };
}

function callOf(context: Pick<HandlerContext, "values">): GrpcCall {
  return context.values.get(callKey);
}

/** Checks the key after the message was read, as grpc-go does. */
function authorization(key: string): Interceptor {
  return (next) => (request) => {
    const call = request.contextValues.get(callKey);
    call.reached = true;
    // Only the first of several values counts. Node keeps the first.
    if (call.request?.headers.authorization === `apikey ${key}`) return next(request);
    throw new ConnectError("unauthenticated", Code.Unauthenticated);
  };
}

type Trailers = Parameters<Http2ServerResponse["addTrailers"]>[0];

function goTrailers(call: GrpcCall, trailers: Trailers): Trailers {
  const status = Number(trailers["grpc-status"]);
  const message = decodeURIComponent(String(trailers["grpc-message"] ?? ""));
  const sent = call.reached ? { status, message } : asGrpcGo({ status, message });
  return { ...trailers, ...statusTrailers(sent) };
}

/** Answers an unknown path, without a check of the key. */
function answerUnknown(table: MethodTable, path: string, response: Http2ServerResponse): void {
  const message = unknownPathMessage(table, path);
  response.writeHead(200, { "content-type": "application/grpc" });
  response.addTrailers(statusTrailers({ status: Code.Unimplemented, message }));
  response.end();
}

function unknownPathMessage({ service: api }: MethodTable, path: string): string {
  const [, service, method] = /^\/?(.*)\/([^/]*)$/.exec(path) ?? [];
  if (service === undefined || service === "") return `malformed method name: "${path}"`;
  if (service !== api.typeName) return `unknown service ${service}`;
  return `unknown method ${method} for service ${service}`;
}
