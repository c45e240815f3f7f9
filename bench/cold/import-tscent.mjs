import "./cpu.mjs";
import "tscent";
