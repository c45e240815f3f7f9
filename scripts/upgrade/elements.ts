import type {
  DescriptorProto,
  EnumDescriptorProto,
  FileDescriptorProto,
  SourceCodeInfo_Location,
} from "@bufbuild/protobuf/wkt";

/** An element of a schema that has a name and may have a comment. The file's header and its package count as such. */
export interface Element {
  readonly kind: "header" | "package" | "service" | "rpc" | "message" | "field" | "oneof" | "enum" | "value";
  /** The full name without the package: `PublishRequest.channel`. */
  readonly name: string;
  readonly isDeprecated: boolean;
  /** The index of its first line. */
  readonly line: number;
  /** Paragraphs of its comment, with slashes. Those that an empty line keeps apart from the element come first. */
  readonly comments: readonly (readonly string[])[];
  /** Its first line, without what opens or ends it: `string channel = 1`. */
  readonly declaration: string;
}

/** What an element is in its descriptor. The path is that of its location in the source information. */
interface Place extends Pick<Element, "kind" | "name"> {
  readonly path: readonly number[];
  readonly options?: { readonly deprecated?: boolean } | undefined;
}

/**
 * All elements of a schema, each before its members.
 *
 * @param file its descriptor, with source information
 * @param text its text as `buf format` writes it, with a line for each element
 */
export function elementsOf(file: FileDescriptorProto, text: string): Element[] {
  const lines = text.split("\n");
  const locations = new Map(
    file.sourceCodeInfo?.location.map((location) => [location.path.join(), location]),
  );
  return [...placesIn(file)].map(({ kind, name, path, options }) => {
    const location = locations.get(path.join());
    const line = kind === "header" ? 0 : (location?.span[0] ?? 0);
    return {
      kind,
      name,
      isDeprecated: options?.deprecated === true,
      line,
      comments: commentsOf(location),
      declaration: (lines[line] ?? "").trim().replace(/\s*(?:\{\}?|[;[])$/, ""),
    };
  });
}

// The numbers in the paths are those of the fields in google/protobuf/descriptor.proto.
function* placesIn(file: FileDescriptorProto): Generator<Place> {
  yield { kind: "header", name: "(header)", path: [12] };
  yield { kind: "package", name: "(package)", path: [2] };
  for (const [index, { name, method, options }] of file.service.entries()) {
    yield { kind: "service", name, path: [6, index], options };
    for (const [at, rpc] of method.entries())
      yield { kind: "rpc", name: `${name}.${rpc.name}`, path: [6, index, 2, at], options: rpc.options };
  }
  for (const [index, message] of file.messageType.entries()) yield* placesInMessage(message, [4, index]);
  for (const [index, type] of file.enumType.entries()) yield* placesInEnum(type, [5, index]);
}

function* placesInMessage(message: DescriptorProto, path: readonly number[], scope = ""): Generator<Place> {
  // The entry of a map field is a message that the schema does not show.
  if (message.options?.mapEntry) return;
  const name = `${scope}${message.name}`;
  yield { kind: "message", name, path, options: message.options };
  for (const [index, oneof] of message.oneofDecl.entries()) {
    // An `optional` field is in a oneof that the schema does not show.
    if (message.field.some(({ proto3Optional, oneofIndex }) => proto3Optional && oneofIndex === index))
      continue;
    yield { kind: "oneof", name: `${name}.${oneof.name}`, path: [...path, 8, index] };
  }
  for (const [index, field] of message.field.entries())
    yield { kind: "field", name: `${name}.${field.name}`, path: [...path, 2, index], options: field.options };
  for (const [index, nested] of message.nestedType.entries())
    yield* placesInMessage(nested, [...path, 3, index], `${name}.`);
  for (const [index, type] of message.enumType.entries())
    yield* placesInEnum(type, [...path, 4, index], `${name}.`);
}

function* placesInEnum(type: EnumDescriptorProto, path: readonly number[], scope = ""): Generator<Place> {
  const name = `${scope}${type.name}`;
  yield { kind: "enum", name, path, options: type.options };
  for (const [index, value] of type.value.entries())
    yield { kind: "value", name: `${name}.${value.name}`, path: [...path, 2, index], options: value.options };
}

function commentsOf(location: SourceCodeInfo_Location | undefined): string[][] {
  if (location === undefined) return [];
  const { leadingDetachedComments, leadingComments, trailingComments } = location;
  const own = [leadingComments, trailingComments].filter((comment) => comment !== "").map(withSlashes);
  // A trailing comment moves above its element, as a further paragraph.
  const joined = own.flatMap((lines, index) => (index === 0 ? lines : ["//", ...lines]));
  return [...leadingDetachedComments.map(withSlashes), ...(joined.length === 0 ? [] : [joined])];
}

function withSlashes(comment: string): string[] {
  return comment
    .replace(/\n$/, "")
    .split("\n")
    .map((line) => `//${line}`);
}
