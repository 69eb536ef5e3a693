// Renders seeded conversations with the chat templates of real models through @huggingface/jinja, as a reference to compare with.
// Usage: node render.mjs NODE_MODULES OUTPUT.json [COUNT]
//   NODE_MODULES  the folder that holds @huggingface/jinja and some of the packages in `packages`
//   OUTPUT.json   { jinja, now, templates: [{ name, source, bosToken, eosToken }], renderings: [{ template, variables, text | error }] }
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { conversations } from "./conversations.mjs";

const packages = [
  "tokenizer-qwen3", "tokenizer-qwen2_5", "tokenizer-llama3_1", "tokenizer-llama3_2", "tokenizer-mistral_nemo", "tokenizer-gemma3",
  "tokenizer-deepseek_v3", "tokenizer-command_r_plus", "tokenizer-internlm2",
];

// strftime_now reads the clock: stop it.
const now = "2024-07-06T15:04:05Z";
const Clock = Date;
globalThis.Date = class extends Clock {
  constructor(...parts) {
    super(...(parts.length === 0 ? [now] : parts));
  }
};

const [modules, output, count = "240"] = process.argv.slice(2);
const jinja = join(modules, "@huggingface", "jinja");
const { version, module } = JSON.parse(readFileSync(join(jinja, "package.json"), "utf8"));
const { Template } = await import(pathToFileURL(join(jinja, module)));

const tokenText = (token) => (token === null || token === undefined ? null : typeof token === "string" ? token : token.content);

function templatesOf(name) {
  const path = join(modules, "@lenml", name, "models", "tokenizer_config.json");
  if (!existsSync(path))
    return [];
  const config = JSON.parse(readFileSync(path, "utf8"));
  const templates = typeof config.chat_template === "string" ? [{ name: "default", template: config.chat_template }] : config.chat_template;
  return templates.map((entry) => ({
    name: `${name}/${entry.name}`,
    source: entry.template,
    bosToken: tokenText(config.bos_token),
    eosToken: tokenText(config.eos_token),
  }));
}

const templates = packages.flatMap(templatesOf);
const cases = conversations(20250413, Number(count));
const renderings = [];
for (const [index, template] of templates.entries()) {
  const parsed = new Template(template.source);
  for (const variables of cases) {
    const all = structuredClone(variables);
    if (template.bosToken !== null)
      all.bos_token = template.bosToken;
    if (template.eosToken !== null)
      all.eos_token = template.eosToken;
    const rendering = { template: index, variables };
    try {
      rendering.text = parsed.render(all);
    } catch (error) {
      rendering.error = String(error.message);
    }
    renderings.push(rendering);
  }
}
writeFileSync(output, JSON.stringify({ jinja: version, now, templates, renderings }));
