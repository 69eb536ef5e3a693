// Writes src/PassAtK.Engine/Tokenization/Normalization/normalization.bin from the Unicode data inside Node.
//
//   node tests/golden/tokenizers/normalization-table.mjs [FILE]
//
// The file is a sequence of unsigned LEB128 numbers:
//   number of runs of combining classes, then per run: gap from the end of the run before, length, class;
//   number of canonical decompositions, then per entry: gap from the entry before, length, code points;
//   number of compatibility decompositions that differ from the canonical ones, in the same form;
//   number of compositions, then per entry: first, second, composed.
// Decompositions are full (nothing in them decomposes further); Hangul syllables are left to arithmetic. Combining classes are ranks:
// JavaScript does not tell the classes themselves, but which of two marks goes first, and normalization needs no more than that.
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const target = process.argv[2] ?? join(here, "../../../src/PassAtK.Engine/Tokenization/Normalization/normalization.bin");

const isSurrogate = (code) => code >= 0xd800 && code <= 0xdfff;
const isHangulSyllable = (code) => code >= 0xac00 && code <= 0xd7a3;
const text = (...codes) => String.fromCodePoint(...codes);
const codes = (string) => Array.from(string, (character) => character.codePointAt(0));

const all = [];
for (let code = 0; code <= 0x10ffff; code++) if (!isSurrogate(code)) all.push(code);

// A mark goes after another when normalization swaps the two.
const swaps = (first, second) => text(first, second).normalize("NFD") === text(second, first);
const lowest = 0x0334; // class 1
const highest = 0x0345; // class 240
const settled = (code) => text(code).normalize("NFD") === text(code);
const marks = all.filter((code) => settled(code) && (swaps(code, lowest) || swaps(highest, code) || code === highest));
marks.sort((a, b) => (swaps(a, b) ? 1 : swaps(b, a) ? -1 : a - b));
const classes = new Map();
let rank = 0;
marks.forEach((mark, index) => {
  if (index === 0 || swaps(mark, marks[index - 1])) rank++;
  classes.set(mark, rank);
});
// A composed mark (U+0344) decomposes before its class could matter.

const numbers = [];
const runs = [];
for (const code of [...classes.keys()].sort((a, b) => a - b)) {
  const last = runs.at(-1);
  if (last && last.start + last.length === code && last.class === classes.get(code)) last.length++;
  else runs.push({ start: code, length: 1, class: classes.get(code) });
}
numbers.push(runs.length);
let end = 0;
for (const run of runs) {
  numbers.push(run.start - end, run.length, run.class);
  end = run.start + run.length;
}

const writeDecompositions = (entries) => {
  numbers.push(entries.length);
  let before = 0;
  for (const [code, parts] of entries) {
    numbers.push(code - before, parts.length, ...parts);
    before = code;
  }
};
const decomposed = (form) => all.filter((code) => !isHangulSyllable(code) && text(code).normalize(form) !== text(code));
const canonical = decomposed("NFD").map((code) => [code, codes(text(code).normalize("NFD"))]);
writeDecompositions(canonical);
writeDecompositions(
  decomposed("NFKD")
    .filter((code) => text(code).normalize("NFKD") !== text(code).normalize("NFD"))
    .map((code) => [code, codes(text(code).normalize("NFKD"))]));

const compositions = [];
for (const [code, parts] of canonical) {
  if (parts.length < 2 || text(code).normalize("NFC") !== text(code)) continue;
  const first = codes(text(...parts.slice(0, -1)).normalize("NFC"));
  if (first.length !== 1) throw new Error(`U+${code.toString(16)} is composed of more than two parts`);
  compositions.push(first[0], parts.at(-1), code);
}
numbers.push(compositions.length / 3, ...compositions);

const bytes = [];
for (let number of numbers) {
  while (number >= 0x80) {
    bytes.push((number & 0x7f) | 0x80);
    number >>>= 7;
  }
  bytes.push(number);
}
writeFileSync(target, Uint8Array.from(bytes));
console.log(`Unicode ${process.versions.unicode}: ${classes.size} marks in ${rank} classes, ${canonical.length} canonical decompositions, `
  + `${compositions.length / 3} compositions, ${bytes.length} bytes`);
