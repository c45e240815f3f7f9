import type { DescField, DescMessage, DescOneof } from "@bufbuild/protobuf";
import { wrappedValue } from "../../src/schema/wrapped-value.ts";
import { commentOn } from "../generate/comment.ts";
import { memberType, presenceInResult } from "../generate/field-type.ts";
import type { Shape, Shapes } from "../generate/find-shapes.ts";
import { isBigint, itemResult } from "../generate/find-shapes.ts";

/** The page's view of messages in one direction. */
export interface Direction {
  readonly title: "request" | "result";
  readonly shapes: Shapes;
  /** The messages that have a heading of their own. */
  readonly types: readonly Shape[];
  /** The heading that describes a message, as the page's anchor. */
  readonly anchor: (message: DescMessage) => string | undefined;
}

/** Prints the fields of a message as a table. */
export function printMembers(direction: Direction, shape: Shape, title: string): string {
  const rows = shape.members.map((member) => {
    const mark = isOptional(direction, shape, member) ? "?" : "";
    const cells = [`\`${member.localName}${mark}\``, typeCell(direction, member), oneLine(textOn(member))];
    return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  });
  return [`| ${title} | type | |`, "| --- | --- | --- |", ...rows].join("\n");
}

function isOptional({ title }: Direction, shape: Shape, member: DescField | DescOneof): boolean {
  return title === "request"
    ? !shape.required.includes(member.localName)
    : presenceInResult(member) !== "always";
}

function typeCell({ title, shapes, anchor }: Direction, member: DescField | DescOneof): string {
  const kind = title === "request" ? "request" : "number";
  const type = memberType({ shapes, kind, enumName: ({ name }) => name }, member)
    .join("")
    .replaceAll("readonly ", "");
  const fields = member.kind === "oneof" ? member.fields : [member];
  const [target] = fields.flatMap(({ message }) => (message && anchor(itemResult(message))) ?? []);
  const link = target === undefined ? `\`${type}\`` : `[\`${type}\`](#${target})`;
  return title === "result" && fields.some(isWide) ? `${link}, 64 bits` : link;
}

function isWide(field: DescField): boolean {
  const value = field.message === undefined ? field : wrappedValue(field.message);
  return isBigint(value?.scalar);
}

/** The comment on a member. A oneof has the comments on its cases, too. */
function textOn(member: DescField | DescOneof): string {
  const cases = member.kind === "oneof" ? member.fields : [];
  return [commentOn(member), ...cases.map((field) => `\`${field.localName}\`: ${commentOn(field)}`)].join(
    " ",
  );
}

const oneLine = (text: string) => text.replaceAll(/\s+/g, " ").trim();
