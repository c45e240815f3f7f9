import { proxy } from "../../../centrifugo.ts";

export const POST = proxy.fetch;
