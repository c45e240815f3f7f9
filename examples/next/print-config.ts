// Prints the part of Centrifugo's config.json that makes it ask the chat.
import { proxy } from "./centrifugo.ts";

const { APP_URL = "http://localhost:3000" } = process.env;
const config = proxy.config({ url: `${APP_URL}/centrifugo`, httpHeaders: ["Cookie"] });
console.log(JSON.stringify(config, null, 2));
