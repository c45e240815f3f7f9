import { jsonValue } from "../brokers/payload.ts";

/** Whether data fits a namespace's `publication_data_format`. Without a format, any data fits that is not empty. */
export function fitsFormat(data: Uint8Array, format: string): boolean {
  switch (format) {
    case "json":
      return jsonValue(data) !== undefined;
    case "json_object": {
      const value = jsonValue(data);
      return typeof value === "object" && value !== null && !Array.isArray(value);
    }
    case "binary":
      return true;
    default:
      return data.length > 0;
  }
}
