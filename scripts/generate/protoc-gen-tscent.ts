// The plugin of buf that writes this SDK's own types beside the code of protoc-gen-es: an interface for each request and
// result, the client's methods, and the list of methods that need Centrifugo PRO.
import type { DescFile } from "@bufbuild/protobuf";
import type { Schema } from "@bufbuild/protoplugin";
import { createEcmaScriptPlugin, runNodeJs } from "@bufbuild/protoplugin";
import type { MethodTable } from "../../src/schema/method-table.ts";
import { apiOf } from "./api-of.ts";
import { findShapes } from "./find-shapes.ts";
import { printMethods } from "./print-methods.ts";
import { printProMethods } from "./print-pro-methods.ts";
import { printTypes } from "./print-types.ts";

const plugin = createEcmaScriptPlugin({
  name: "protoc-gen-tscent",
  version: "v1",
  generateTs(schema) {
    for (const file of schema.files) {
      const table = apiOf(file);
      if (table !== undefined) generateApi(schema, file, table);
    }
  },
});

function generateApi(schema: Schema, file: DescFile, table: MethodTable): void {
  const shapes = findShapes(table);
  const folder = file.name.slice(0, file.name.lastIndexOf("/") + 1);
  const generated = (path: string) => {
    const printed = schema.generateFile(path);
    printed.preamble(file);
    return printed;
  };
  const root = "../".repeat(folder.split("/").length);
  const types = `${file.name}_types.ts`;
  printTypes(generated(types), shapes, root);
  printMethods(generated(`${file.name}_methods.ts`), shapes, {
    root,
    types: `./${types.slice(folder.length)}`,
  });
  printProMethods(generated(`${folder}pro_methods.ts`), table);
}

runNodeJs(plugin);
