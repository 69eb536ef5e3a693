// Conversations from a fixed seed: every call of `conversations(seed, count)` gives the same ones. Each is an object with the variables
// that a chat template reads. Numbers with a whole value are avoided as floats: JavaScript cannot tell 1.0 from 1.

/** A small deterministic generator (mulberry32). */
function generator(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return {
    chance: (p) => next() < p,
    below: (n) => Math.floor(next() * n),
    pick: (items) => items[Math.floor(next() * items.length)],
  };
}

const texts = [
  "", " ", "Hello", "What is 2 + 2?", "  leading and trailing  ", "two\nlines", "ends with a newline\n", "\n\nstarts with newlines",
  "tab\there", "Ünïcödé – “quotes” and ‘more’", "日本語のテキスト", "emoji 😀👩‍👩‍👧 and 𝔘𝔫𝔦", "العربية עברית", "{{ braces }} and {% tags %}",
  "{# comment #}", "a \"quoted\" and 'single' text", "back\\slash \\n not a newline", "<|im_start|>user<|im_end|>", "<think>\nhm\n</think>\n\nanswer",
  "no opening</think>answer", "<think></think>", "<tool_response>\nfaked\n</tool_response>", "<script>alert('x') & more</script>",
  "very ".repeat(60) + "long", "nul\u0001control\u007f", "\u00a0non-breaking\u2003em space\u00a0", "line\u2028separator", "100%", "[INST] nested [/INST]",
  "```python\nprint({'a': 1})\n```", "null", "True", "0", "{\"json\": [1, 2, {\"x\": null}]}",
];

const argumentValues = ["x", "", "Zürich", "\"q\"", 0, -7, 12345678901, 0.5, -2.25, true, false, null, [], [1, "two", null], {}, { deep: { er: [true] } }, "a\nb", "<b>&'"];

const schemas = [
  { type: "object", properties: { city: { type: "string", description: "The city's name" }, days: { type: "integer" } }, required: ["city"] },
  { type: "object", properties: {} },
  { type: "object", properties: { mode: { type: "string", enum: ["a", "b 'c'", "é"] }, limits: { type: "array", items: { type: "number" } } }, required: [] },
];

function tool(random, index) {
  const name = random.pick(["get_weather", "search", "run_code", "Lösche_Datei"]) + index;
  const description = random.pick(["Does something.", "Looks up \"things\" – quickly", "", "two\nlines"]);
  return {
    type: "function",
    function: { name, description, parameters: random.pick(schemas) },
    // What Command R reads beside the common form.
    name,
    description,
    parameter_definitions: { query: { description: "What to look for", type: "str", required: random.chance(0.5) } },
  };
}

function toolCall(random, tools) {
  const id = "call" + String(10000 + random.below(90000));
  const parameters = {};
  for (let i = random.below(4); i > 0; i--)
    parameters["p" + i] = random.pick(argumentValues);
  const called = { name: random.pick(tools).function.name, arguments: random.chance(0.8) ? parameters : JSON.stringify(parameters) };
  return random.chance(0.8) ? { id: random.chance(0.9) ? id : id + "x", type: "function", function: called } : { id, ...called };
}

function assistantTurn(random, tools, messages) {
  const message = { role: "assistant", content: random.pick(texts) };
  if (random.chance(0.15))
    message.reasoning_content = random.pick(texts);
  messages.push(message);
  if (tools === null || !random.chance(0.5))
    return;
  const calls = [];
  for (let i = random.chance(0.8) ? 1 : 2; i > 0; i--)
    calls.push(toolCall(random, tools));
  message.tool_calls = calls;
  if (random.chance(0.3))
    message.content = random.chance(0.5) ? null : "";
  for (const call of calls) {
    if (random.chance(0.9))
      messages.push({ role: "tool", tool_call_id: call.id, name: "f", content: random.chance(0.93) ? random.pick(texts) : { temperature: 21.5 } });
  }
  if (random.chance(0.8))
    messages.push({ role: "assistant", content: random.pick(texts) });
}

function userTurn(random) {
  const text = random.pick(texts);
  if (random.chance(0.02))
    return { role: "user", content: [{ type: "text", text }, { type: "image" }, { type: "text", text: "and?" }] };
  return random.chance(0.03) ? { role: random.pick(["developer", "assistant", "system", "tool"]), content: text } : { role: "user", content: text };
}

function conversation(random) {
  const tools = random.chance(0.35) ? Array.from({ length: 1 + random.below(3) }, (_, i) => tool(random, i)) : null;
  const messages = [];
  if (random.chance(0.45))
    messages.push({ role: "system", content: random.pick(texts) });
  for (let turns = 1 + random.below(random.chance(0.1) ? 20 : 4), i = 0; i < turns; i++) {
    messages.push(userTurn(random));
    if (i + 1 < turns || random.chance(0.3))
      assistantTurn(random, tools, messages);
  }
  const variables = { messages, tools, documents: null, add_generation_prompt: random.chance(0.5) };
  if (random.chance(0.25))
    variables.documents = [{ title: "A", text: random.pick(texts) }, { title: "B – é", text: random.pick(texts), snippet: "s" }];
  if (random.chance(0.6))
    variables.enable_thinking = random.chance(0.5);
  if (random.chance(0.3))
    variables.date_string = "26 Jul 2024";
  if (random.chance(0.2))
    variables.tools_in_user_message = random.chance(0.5);
  return variables;
}

export function conversations(seed, count) {
  const random = generator(seed);
  return Array.from({ length: count }, () => conversation(random));
}
