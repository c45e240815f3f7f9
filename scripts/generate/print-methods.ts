import type { GeneratedFile } from "@bufbuild/protoplugin";
import { isReservedName } from "../../src/schema/reserved-names.ts";
import { commentOn } from "./comment.ts";
import { resultName } from "./field-type.ts";
import type { MethodShapes, Shapes } from "./find-shapes.ts";

type Int64 = "number" | "bigint";

/** Prints the interface of a client's methods, for each type of 64-bit integers, and maps from names to types. */
export function printMethods(
  file: GeneratedFile,
  { methods }: Shapes,
  { root, types }: { root: string; types: string },
): void {
  file.print(`import type { CallOptions } from "${root}src/options/call-options.ts";`);
  const names = methods.flatMap(({ request, result }) => [
    request.name,
    resultName(result, "number"),
    resultName(result, "bigint"),
  ]);
  file.print("import type {");
  for (const name of [...new Set(names)].sort()) file.print(`  ${name},`);
  file.print(`} from "${types}";`);

  const own = methods.filter(({ method }) => !isReservedName(method.name));
  printInterface(file, "The methods whose results have no 64-bit integers.", "CommonMethods", () => {
    for (const method of own) if (!method.result.hasBigint) printMethod(file, method, "number");
  });
  printInterface(file, "The methods of the API.", "ApiMethods extends CommonMethods", () => {
    for (const method of own) if (method.result.hasBigint) printMethod(file, method, "number");
  });
  const bigints = 'The methods of a client with `int64: "bigint"`.';
  printInterface(file, bigints, "ApiMethodsBigint extends CommonMethods", () => {
    for (const method of own) if (method.result.hasBigint) printMethod(file, method, "bigint");
  });
  printInterface(file, "The request of each method.", "MethodRequests", () => {
    for (const { method, request } of methods) file.print(`  ${method.name}: ${request.name};`);
  });
  const printResults = (comment: string, name: string, int64: Int64) =>
    printInterface(file, comment, `${name}<Data = unknown>`, () => {
      for (const { method, result } of methods)
        file.print(`  ${method.name}: ${resultName(result, int64)}${result.hasData ? "<Data>" : ""};`);
    });
  printResults("The result of each method.", "MethodResults", "number");
  printResults('The result of each method with `int64: "bigint"`.', "MethodResultsBigint", "bigint");
  printInterface(file, "The methods by the client's option `int64`.", "MethodsByInt64", () => {
    file.print("  number: ApiMethods;");
    file.print("  bigint: ApiMethodsBigint;");
  });
  printInterface(
    file,
    "The results by the client's option `int64`.",
    "ResultsByInt64<Data = unknown>",
    () => {
      file.print("  number: MethodResults<Data>;");
      file.print("  bigint: MethodResultsBigint<Data>;");
    },
  );
}

function printInterface(file: GeneratedFile, comment: string, name: string, printMembers: () => void): void {
  file.print();
  file.print(file.jsDoc(comment));
  file.print(file.export("interface", name), " {");
  printMembers();
  file.print("}");
}

/** A method's type argument is the type of the data it returns, else of the data it sends; if it does both, it has two. */
function printMethod(file: GeneratedFile, { method, request, result }: MethodShapes, int64: Int64): void {
  const isBoth = request.hasData && result.hasData;
  const [returned, sent] = isBoth ? ["Result", "Params"] : ["Data", "Data"];
  const parameters = isBoth
    ? "<Result = unknown, Params = unknown>"
    : request.hasData || result.hasData
      ? "<Data = unknown>"
      : "";
  const requestType = request.name + (request.hasData ? `<${sent}>` : "");
  const resultType = resultName(result, int64) + (result.hasData ? `<${returned}>` : "");
  const isOptional = request.required.length === 0 ? "?" : "";
  const comment = (method.command && commentOn(method.command)) || commentOn(method.rpc);
  if (comment !== "") file.print(file.jsDoc(comment, "  "));
  file.print(`  ${method.name}: ${parameters}(`);
  file.print(`    request${isOptional}: ${requestType},`);
  file.print("    options?: CallOptions,");
  file.print(`  ) => Promise<${resultType}>;`);
}
