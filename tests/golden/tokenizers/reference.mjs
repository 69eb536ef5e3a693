// Encodes and decodes with the tokenizers library, the Rust one that model authors use, through its Node binding.
//
//   node reference.mjs JOBS RESULTS
//
// JOBS: [{ "file": path of a tokenizer.json, or "json": its content, "texts": [text...], "tokens": [[id...]...] }...]
// RESULTS, a line per job, as soon as it is done, for the library aborts the process on some files: { "error": why the library refuses the file } or
//   { "plain": ids of each text without, "special": and with special tokens,
//     "roundTrips": the text of each "plain", special tokens left out,
//     "skipped": the text of each of "tokens", special tokens left out, "whole": and kept }
// Exits with 3 where the library cannot be loaded.
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { join } from "node:path";

const folder = process.env.PASSATK_NODE_MODULES || join(homedir(), ".cache", "passatk", "node");

let Tokenizer;
try {
  ({ Tokenizer } = createRequire(join(folder, "package.json"))("tokenizers"));
} catch (error) {
  console.error(`tokenizers cannot be loaded from ${folder}: ${error.message}`);
  process.exit(3);
}

const run = async (job) => {
  let tokenizer;
  try {
    tokenizer = job.file ? Tokenizer.fromFile(job.file) : Tokenizer.fromString(job.json);
  } catch (error) {
    return { error: error.message };
  }
  const encode = async (addSpecialTokens) => {
    const ids = [];
    // One by one: a batch would pad where the file asks for padding.
    for (const text of job.texts) ids.push((await tokenizer.encode(text, null, { addSpecialTokens })).getIds());
    return ids;
  };
  const decode = (lists, skipSpecial) => Promise.all(lists.map((ids) => tokenizer.decode(ids, skipSpecial)));
  const plain = await encode(false);
  return {
    plain,
    special: await encode(true),
    roundTrips: await decode(plain, true),
    skipped: await decode(job.tokens, true),
    whole: await decode(job.tokens, false),
  };
};

writeFileSync(process.argv[3], "");
for (const job of JSON.parse(readFileSync(process.argv[2], "utf8"))) {
  appendFileSync(process.argv[3], JSON.stringify(await run(job)) + "\n");
}
