/** A gRPC message with plain spaces: builds of protobuf-go differ in whether they write no-break spaces into errors. */
export function withPlainSpaces<Text extends string | null | undefined>(message: Text): Text {
  return (typeof message === "string" ? message.replaceAll(/%C2%A0|\u00a0/gi, " ") : message) as Text;
}
