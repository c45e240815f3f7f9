import "./cpu.mjs";
