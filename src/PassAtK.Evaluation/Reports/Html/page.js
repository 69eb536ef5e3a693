"use strict";
(() => {
  const table = document.getElementById("problems");
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const dialog = document.getElementById("problem");
  let parsed = null;
  const data = () => parsed ??= JSON.parse(document.getElementById("data").textContent);

  // Every text enters the page as text, never as markup.
  function make(tag, properties = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(properties))
      if (name in element) element[name] = value; else element.setAttribute(name, value);
    element.append(...children.filter(child => child !== null));
    return element;
  }

  function textOf(excerpt) {
    return Array.isArray(excerpt)
      ? [excerpt[0], make("span", { className: "gap" }, `\n[… ${excerpt[1]} characters left out …]\n`), excerpt[2]]
      : [excerpt];
  }

  // ---- the table: sort, search, filter

  const search = document.getElementById("search");
  const solved = document.getElementById("solved");
  const found = document.getElementById("found");

  function value(row, column) {
    const text = row.cells[column].dataset.value;
    return text === undefined ? null : text !== "" && !isNaN(text) ? Number(text) : text;
  }

  function compare(left, right) {
    if (typeof left === "number" && typeof right === "number") return left - right;
    return String(left).localeCompare(String(right), "en", { numeric: true });
  }

  function sortBy(heading) {
    const column = heading.cellIndex;
    // Numbers are asked for largest first.
    const numeric = heading.classList.contains("number");
    const first = numeric ? "descending" : "ascending";
    const now = heading.getAttribute("aria-sort");
    const next = now === null ? first : now === "ascending" ? "descending" : "ascending";
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    heading.setAttribute("aria-sort", next);
    const sign = next === "ascending" ? 1 : -1;
    const keyed = rows.map((row, place) => ({ row, place, key: value(row, column) }));
    keyed.sort((a, b) =>
      a.key === null || b.key === null ? (a.key === null) - (b.key === null) || a.place - b.place : sign * compare(a.key, b.key) || a.place - b.place);
    body.append(...keyed.map(entry => entry.row));
  }

  let haystacks = null;
  function haystack(index) {
    haystacks ??= data().problems.map(problem => [problem.id, problem.question, problem.gold]
      .flatMap(text => Array.isArray(text) ? [text[0], text[2]] : [text ?? ""]).join("\n").toLowerCase());
    return haystacks[index];
  }

  function filter() {
    const words = search.value.toLowerCase().split(/\s+/).filter(word => word !== "");
    const set = solved?.value ?? "";
    let shown = 0;
    for (const row of rows) {
      const fits = (set === "" || row.dataset.set === set) && (words.length === 0 || words.every(word => haystack(row.dataset.index).includes(word)));
      row.hidden = !fits;
      shown += fits ? 1 : 0;
    }
    found.textContent = shown === rows.length ? `${rows.length} problems` : `${shown} of ${rows.length} problems`;
  }

  for (const button of table.querySelectorAll(".sort"))
    button.addEventListener("click", () => sortBy(button.closest("th")));
  document.getElementById("tools").hidden = false;
  search.addEventListener("input", filter);
  solved?.addEventListener("change", filter);
  filter();

  // ---- a problem: everything behind a row

  function verdict(correct) {
    return correct === null ? make("span", {}, "not graded")
      : correct ? make("span", { className: "right" }, "✓ correct") : make("span", { className: "wrong" }, "✗ wrong");
  }

  function answerName(answer) {
    return answer[0] === null ? "no valid answer" : Array.isArray(answer[0]) ? `${answer[0][0]}…` : answer[0] === "" ? "empty answer" : answer[0];
  }

  function quoted(text) {
    return /^[\w.\/:+@%-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
  }

  // Samples that never diverged are one completion; which ones is behind a fold where there are many.
  function indicesOf(indices) {
    const count = indices.split(", ").reduce((sum, range) => {
      const [first, last = first] = range.split("-").map(Number);
      return sum + last - first + 1;
    }, 0);
    return count === 1 ? make("span", {}, `sample ${indices}`)
      : count < 6 ? make("span", {}, `${count} samples: ${indices}`)
      : make("details", {}, make("summary", {}, `${count} samples`), indices);
  }

  function sampleArticle(sample, answers) {
    const [text, tokens, finish, logprob, answer, indices] = sample;
    return make("article", { className: "sample" },
      make("div", { className: "sample-head" },
        verdict(answers[answer][1]),
        indicesOf(indices),
        make("span", {}, tokens === 1 ? "1 token" : `${tokens} tokens`),
        make("span", {}, finish === "length" ? "cut at the token limit" : "ended by itself"),
        logprob === null ? null : make("span", {}, `log p ${logprob.toFixed(2)}`)),
      make("pre", { className: "block" }, ...(text === "" ? [make("span", { className: "gap" }, "(empty)")] : textOf(text))));
  }

  // On a phone the runs stand one below the other: fewer samples at once, answers behind a fold, and a way to each run.
  const isNarrow = () => matchMedia("(max-width: 560px)").matches;
  const page = () => isNarrow() ? 8 : 40;

  function runSection(problem, run, index) {
    const name = data().runs[index].name;
    const section = make("section", { className: `run${index}` }, make("h3", { className: "run-name" }, name));
    if (run.n === undefined) return section.append(make("p", { className: "note" }, "This run lacks the problem.")), section;
    section.append(make("p", { className: "note" }, `${run.c} of ${run.n} samples correct`));
    if (run.samples === undefined) return section;

    const list = make("div");
    let only = null;
    function show(most) {
      const fitting = run.samples.filter(sample => only === null || sample[4] === only);
      list.replaceChildren(...fitting.slice(0, most).map(sample => sampleArticle(sample, run.answers)));
      if (fitting.length > most)
        list.append(make("button", { type: "button", className: "more", onclick: () => show(most + 200) }, `Show more (${fitting.length - most} left)`));
      if (fitting.length === 0) list.append(make("p", { className: "note" }, "No sample with this answer is in the page."));
    }
    const buttons = run.answers.map((answer, place) => {
      const button = make("button", { type: "button", "aria-pressed": "false" },
        make("span", { className: answer[1] ? "right" : "wrong" }, answer[1] === null ? "" : answer[1] ? "✓ " : "✗ "), `${answerName(answer)} × ${answer[2]}`);
      button.addEventListener("click", () => {
        only = only === place ? null : place;
        buttons.forEach((other, at) => other.setAttribute("aria-pressed", String(at === only)));
        show(page());
      });
      return button;
    });
    const few = 12;
    const answers = make("ul", { className: "answers", "aria-label": `Answers of ${name}` }, ...buttons.slice(0, few).map(button => make("li", {}, button)));
    if (buttons.length > few) {
      const rest = make("button", { type: "button" }, `${buttons.length - few} more answers`);
      rest.addEventListener("click", () => rest.parentElement.replaceWith(...buttons.slice(few).map(button => make("li", {}, button))));
      answers.append(make("li", {}, rest));
    }
    // Samples without a valid answer are listed and filtered as one, but they are none.
    const many = run.answers.filter(answer => answer[0] !== null).length;
    const without = many < run.answers.length;
    section.append(make("details", { className: "answers-fold", open: !isNarrow() },
      make("summary", {}, many === 0 ? "no valid answer"
        : (many === 1 ? "1 answer" : `${many} different answers`) + (without ? ", and samples without a valid one" : "")), answers));
    if (run.moreAnswers > 0) section.append(make("p", { className: "note" }, `${run.moreAnswers} rarer answers are not listed.`));
    if (run.hidden > 0)
      section.append(make("p", { className: "hidden-samples" }, `${run.hidden} of ${run.drawn} samples are not in this page. All of them: `,
        make("code", {}, `${data().runs[index].export} --problem ${quoted(problem.id)}`)));
    section.append(list);
    show(page());
    return section;
  }

  function prompts(problem) {
    const given = problem.runs.map((run, index) => [run.prompt, index]).filter(([prompt]) => prompt !== undefined);
    return given.map(([prompt, index]) => make("details", {},
      make("summary", {}, given.length > 1 ? `Rendered prompt, ${data().runs[index].name}` : "Rendered prompt"),
      make("pre", { className: "block" }, ...textOf(prompt))));
  }

  function jumps(sections) {
    return sections.length < 2 ? null : make("div", { className: "jumps" }, ...sections.map((section, at) =>
      make("button", { type: "button", onclick: () => section.scrollIntoView() }, data().runs[at].name)));
  }

  function visible() {
    return [...body.rows].filter(row => !row.hidden).map(row => Number(row.dataset.index));
  }

  function open(index) {
    const problem = data().problems[index];
    if (problem === undefined) return;
    const order = visible();
    const place = order.indexOf(index);
    const step = by => {
      const target = order[place + by];
      const label = by < 0 ? "Previous problem" : "Next problem";
      return make("button", { type: "button", ariaLabel: label, title: label, disabled: target === undefined, onclick: () => go(target) }, by < 0 ? "←" : "→");
    };
    const facts = make("dl", { className: "facts" });
    const fact = (name, ...content) => facts.append(make("dt", {}, name), make("dd", {}, ...content));
    if (problem.question !== undefined) fact("question", make("pre", {}, ...textOf(problem.question)));
    if (problem.gold !== undefined) fact("reference", make("pre", {}, ...textOf(problem.gold)));
    if (problem.chance !== undefined) fact("chance of a blind guess", problem.chance);
    const heading = make("h2", { id: "problem-title", tabIndex: -1 }, problem.id);
    const sections = problem.runs.map((run, at) => runSection(problem, run, at));
    dialog.replaceChildren(make("div", { className: "sheet" },
      make("div", { className: "sheet-head" }, heading, step(-1), step(1), make("button", { type: "button", onclick: () => dialog.close() }, "Close")),
      facts, ...prompts(problem), jumps(sections), make("div", { className: "columns" }, ...sections)));
    if (!dialog.open) dialog.showModal();
    dialog.scrollTop = 0;
    heading.focus({ preventScroll: true });
  }

  function go(index) {
    location.replace(`#p${index}`);
  }

  function follow() {
    const match = /^#p(\d+)$/.exec(location.hash);
    if (match) open(Number(match[1])); else if (dialog.open) dialog.close();
  }

  const opens = rows.some(row => row.querySelector("a") !== null);
  table.classList.toggle("opens", opens);
  body.addEventListener("click", event => {
    const row = event.target.closest("tr");
    if (opens && event.target.closest("a") === null && String(getSelection()) === "") row.querySelector("a")?.click();
  });
  dialog.addEventListener("click", event => { if (event.target === dialog) dialog.close(); });
  dialog.addEventListener("close", () => {
    const match = /^#p(\d+)$/.exec(location.hash);
    if (!match) return;
    history.replaceState(null, "", location.pathname + location.search);
    rows[Number(match[1])]?.querySelector("a")?.focus();
  });
  addEventListener("keydown", event => {
    if (!dialog.open || event.altKey || event.ctrlKey || event.metaKey || /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) return;
    const by = event.key === "ArrowLeft" ? -1 : event.key === "ArrowRight" ? 1 : 0;
    const order = visible();
    const target = order[order.indexOf(Number(location.hash.slice(2))) + by];
    if (by !== 0 && target !== undefined) go(target);
  });
  addEventListener("hashchange", follow);
  follow();
})();
