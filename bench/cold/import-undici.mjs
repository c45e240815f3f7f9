import "./cpu.mjs";
import "undici";
