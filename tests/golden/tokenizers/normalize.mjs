// Normalizes texts with Node's own Unicode data.
//
//   node normalize.mjs TEXTS RESULTS
//
// TEXTS: [text...]. RESULTS: { "unicode": version, "NFC": [...], "NFD": [...], "NFKC": [...], "NFKD": [...] }.
import { readFileSync, writeFileSync } from "node:fs";

const texts = JSON.parse(readFileSync(process.argv[2], "utf8"));
const results = { unicode: process.versions.unicode };
for (const form of ["NFC", "NFD", "NFKC", "NFKD"]) results[form] = texts.map((text) => text.normalize(form));
writeFileSync(process.argv[3], JSON.stringify(results));
