import { CentrifugoApi, ErrorSchema } from "#api";

// Functions, as the build decodes the schema at their first use: decoding takes a fifth of the time of an import of tscent.

/** The descriptor of Centrifugo's API. */
export const centrifugoApi = (): typeof CentrifugoApi => CentrifugoApi;
/** The descriptor of the API's `Error`. */
export const errorSchema = (): typeof ErrorSchema => ErrorSchema;
