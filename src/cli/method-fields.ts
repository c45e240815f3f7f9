import type { DescField } from "@bufbuild/protobuf";
import { bytesSibling } from "../codec/message-fields.ts";
import type { Method } from "../schema/method-table.ts";
import { requiredFields } from "../schema/required-fields.ts";
import { ScalarType } from "../schema/scalar-type.ts";
import { wrappedValue } from "../schema/wrapped-value.ts";
import type { OptionKind } from "./arguments.ts";
import { spinalCase } from "./arguments.ts";
import { CliError } from "./cli-error.ts";
import { readExact } from "./exact-json.ts";

/** A field of a method's request, as a shell gives it. */
export interface MethodField {
  /** The client's name: `skipHistory`. */
  readonly name: string;
  /** The name of its option: `skip-history`. */
  readonly option: string;
  readonly kind: OptionKind;
  /** The form of its value in help pages, such as `<json>`; empty for a flag. */
  readonly form: string;
  /** Makes a value of texts. @throws CliError naming the option */
  readonly read: (texts: readonly string[]) => unknown;
}

/** The fields of a method: those that may be given as words, in their order, and all. */
export function methodFields({ name, rpc }: Method): {
  words: readonly MethodField[];
  all: readonly MethodField[];
} {
  const required: readonly string[] = requiredFields(name);
  const all = rpc.input.fields.filter((field) => bytesSibling(field) === undefined).map(methodField);
  const words = required.flatMap((one) => all.find((field) => field.name === one) ?? []);
  return { words, all };
}

function methodField(field: DescField): MethodField {
  const option = spinalCase(field.name);
  const { form, read } = valueForm(field);
  const one = (text: string) => {
    const value = read(text);
    if (value === undefined) throw new CliError(`--${option}: expected ${expected[form]}`);
    return value;
  };
  const common = { name: field.localName, option };
  if (form === "") return { ...common, kind: "flag", form, read: () => true };
  if (field.fieldKind !== "list") return { ...common, kind: "value", form, read: ([text = ""]) => one(text) };
  const list = (texts: readonly string[]) => {
    const [first = ""] = texts;
    return texts.length === 1 && first.startsWith("[") ? json(option, first) : texts.map(one);
  };
  return { ...common, kind: "values", form, read: list };
}

type Form = "" | "<text>" | "<integer>" | "<number>" | "<json>";

const expected: Readonly<Record<Form, string>> = {
  "": "no value",
  "<text>": "a text",
  "<integer>": "an integer",
  "<number>": "a number",
  "<json>": `JSON, as in '{"text":"hi"}' or '"hi"'`,
};

/** The form of a field's values, and what makes one of a text: undefined for a text of another form. */
function valueForm(field: DescField): { form: Form; read: (text: string) => unknown } {
  const { scalar } = (field.message && wrappedValue(field.message)) ?? field;
  const isJson = field.fieldKind === "map" || scalar === undefined || scalar === ScalarType.BYTES;
  if (isJson) return { form: "<json>", read: (text) => attempt(() => readExact(text)) };
  if (scalar === ScalarType.STRING) return { form: "<text>", read: (text) => text };
  if (scalar === ScalarType.BOOL && field.fieldKind !== "list") return { form: "", read: () => true };
  if (scalar === ScalarType.DOUBLE || scalar === ScalarType.FLOAT)
    return {
      form: "<number>",
      read: (text) => (text.trim() === "" || Number.isNaN(Number(text)) ? undefined : Number(text)),
    };
  return {
    form: "<integer>",
    read: (text) => (/^-?\d+$/.test(text) ? readExact(text.replace(/^(-?)0+(?=\d)/, "$1")) : undefined),
  };
}

function attempt(work: () => unknown): unknown {
  try {
    return work();
  } catch {
    return undefined;
  }
}

/** Reads JSON of an option, as readExact does. @throws CliError naming the option, without the text, which may be secret */
export function json(option: string, text: string, makeInteger?: (digits: string) => unknown): unknown {
  const value = attempt(() => readExact(text, makeInteger));
  if (value === undefined) throw new CliError(`--${option}: expected JSON`);
  return value;
}
