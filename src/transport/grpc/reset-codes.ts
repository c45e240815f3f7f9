/** The error codes of HTTP/2 by number, RFC 9113. */
export const resetNames: readonly string[] = [
  "NO_ERROR PROTOCOL_ERROR INTERNAL_ERROR FLOW_CONTROL_ERROR SETTINGS_TIMEOUT STREAM_CLOSED FRAME_SIZE_ERROR",
  "REFUSED_STREAM CANCEL COMPRESSION_ERROR CONNECT_ERROR ENHANCE_YOUR_CALM INADEQUATE_SECURITY HTTP_1_1_REQUIRED",
].flatMap((names) => names.split(" "));

/** The codes in use here. `node:http2` has them, too, and is loaded for a connection only. */
export const resetCodes = { NO_ERROR: 0, REFUSED_STREAM: 7, CANCEL: 8 } as const;
