"use strict";
// Shows the data of this page, step by step. What is shown is what stands in the data: nothing of the model is worked out here.

const data = JSON.parse(document.getElementById("data").textContent);
const at = id => document.getElementById(id);
let step = 0, walked = null, place = -1;

// An element with a class, and what is in it.
function element(tag, kind, ...content) {
  const made = document.createElement(tag);
  if (kind) made.className = kind;
  made.append(...content.filter(each => each !== null && each !== ""));
  return made;
}

// The lines of a step as a tree, with what the step did to each.
function read(number) {
  const lines = data.steps[number].lines.map(index => data.lines[index]);
  const before = new Map(number ? data.steps[number - 1].lines.map(index => [data.lines[index][1], data.lines[index]]) : []);
  const state = { parts: [], byId: new Map() };
  const open = [state];
  const put = ([level, id, ...columns], mark) => {
    const old = before.get(id)?.slice(2);
    const line = { id, columns, level, parts: [], mark, old };
    state.byId.set(id, line);
    return line;
  };
  for (const line of lines) {
    const old = before.get(line[1]);
    const made = put(line, number === 0 ? "" : !old ? "new" : old.join("\n") !== line.join("\n") ? "changed" : "");
    open.length = made.level + 1;
    open[made.level].parts.push(made);
    open.push(made);
  }
  for (const line of before.values()) {
    if (state.byId.has(line[1]) || line[0] === 0) continue;
    const owner = state.byId.get(line[1].slice(0, line[1].lastIndexOf("/"))) ?? section(state, line[1].split("/")[0]);
    const made = put(line, "gone");
    owner.parts.push(made);
  }
  return state;
}

function section(state, id) {
  let found = state.byId.get(id);
  if (!found) {
    found = { id, columns: [id], level: 0, parts: [], mark: "", old: null };
    state.byId.set(id, found);
    state.parts.push(found);
  }
  return found;
}

const partsOf = (state, id) => state.byId.get(id)?.parts ?? [];
const startsWith = (line, word) => line.columns[0].startsWith(word);
const everSeen = test => data.lines.some(([level, id, ...columns]) => test(id, columns, level));

// A line as a box: its name, its columns, and what belongs to it.
function box(line, kind, parts = [], columns = line.columns) {
  const made = element("div", `thing ${kind} ${line.mark}`, element("span", "name", columns[0]));
  for (const column of columns.slice(1)) {
    const isLit = line.mark === "changed" && !line.old.includes(column);
    made.append(" ", element("span", isLit ? "col lit" : "col", column));
  }
  made.dataset.id = line.id;
  made.append(...parts);
  return made;
}

const boxes = (lines, kind) => lines.map(line => box(line, kind, boxes(line.parts, "")));

function column(heading, content) {
  return element("div", "column", element("h3", "", heading), ...content);
}

// Pages: how each is found stands below it.
function pages(state) {
  return column("pages", partsOf(state, "PAGES").map(line => {
    const made = box(line, "page", boxes(line.parts, "found"));
    made.tabIndex = 0;
    made.setAttribute("role", "button");
    made.title = "Walk from this page";
    return made;
  }));
}

const isNode = line => /^(K\d|stale)/.test(line.columns[0]) || startsWith(line, "chain");
const isTree = line => startsWith(line, "rb_root ") || startsWith(line, "i_mmap ");

function nodes(state) {
  return column("stable nodes, rmap_items", boxes(partsOf(state, "KSM").filter(isNode), "node"));
}

function mappings(state) {
  return column("anon_vmas, files", [
    ...partsOf(state, "ANON_VMAS").map(line => box(line, "av")),
    ...partsOf(state, "FILES").map(line => box(line, "file")),
  ]);
}

// AVCs: what an AV's tree and a VMA's chain both have. One that is in only one of them says so.
function chains(state, links) {
  const inChain = new Map(links.filter(([, field]) => field.startsWith("chain ")).map(([vma, field, av]) => [`${vma}\n${av}`, field]));
  const vmaOf = new Map(links.filter(([, field]) => field === "rb_root").map(([from, , vma]) => [from, vma]));
  const made = [];
  for (const av of partsOf(state, "ANON_VMAS")) {
    for (const line of av.parts.filter(isTree)) {
      const key = `${vmaOf.get(line.id)}\n${av.id}`;
      const chain = inChain.get(key) ?? (line.mark === "gone" ? "" : "in no chain");
      inChain.delete(key);
      made.push(box(line, "avc", [], [`${av.columns[0]} ${line.columns[0]}`, ...line.columns.slice(1), chain].filter(each => each)));
    }
  }
  for (const [key, field] of inChain) {
    const [vma, av] = key.split("\n");
    const line = { id: `${vma}/${field}`, columns: [`${field} of ${vma.split("/").slice(1).join(" ")}`, av.split("/")[1], "in no rb_root"], mark: "" };
    made.push(box(line, "avc wrong"));
  }
  for (const file of partsOf(state, "FILES"))
    made.push(...file.parts.filter(isTree).map(line => box(line, "avc", [], [`${file.columns[0]} ${line.columns[0]}`, ...line.columns.slice(1)])));
  return column("AVCs; i_mmap", made);
}

// Address spaces: each VMA with the entries of its pages beside it.
function processes(state) {
  const made = partsOf(state, "PROCESSES").map(process => {
    const vmas = process.parts.filter(part => startsWith(part, "vma "));
    const entries = new Set(process.parts.filter(part => startsWith(part, "pte ")));
    vmas.sort((a, b) => a.mark === "gone" || b.mark === "gone" ? (b.mark !== "gone") - (a.mark !== "gone") : 0);
    const rows = vmas.map(vma => {
      const [start, pages] = vma.columns[0].slice(4).split("+").map(Number);
      const own = [...entries].filter(entry => {
        const page = Number(entry.columns[0].slice(4));
        return page >= start && page < start + pages;
      });
      own.forEach(entry => entries.delete(entry));
      return element("div", "row", element("div", "", box(vma, "vma")), element("div", "", ...boxes(own, "pte")));
    });
    if (entries.size)
      rows.push(element("div", "row", element("div", ""), element("div", "", ...boxes([...entries], "pte"))));
    const made = box(process, "process", rows);
    made.classList.remove("thing");
    return made;
  });
  const heads = element("div", "heads", element("h3", "", "VMAs"), element("h3", "", "page table entries"));
  const whole = element("div", "column", heads, ...made);
  whole.style.maxWidth = "none";
  return whole;
}

// What stands beside the walk: swap, page caches, ksmd, pins, faults.
function beside(state) {
  const caches = partsOf(state, "FILES").map(file => [file, file.parts.filter(part => !isTree(part))]).filter(([, parts]) => parts.length);
  return column("swap, caches, ksmd, pins", [
    ...boxes(partsOf(state, "SWAP"), "slot"),
    ...caches.map(([file, parts]) => element("div", "thing file", element("span", "name", `page cache of ${file.columns[0]}`), ...boxes(parts, ""))),
    ...boxes(partsOf(state, "KSM").filter(line => !isNode(line)), "node"),
    ...boxes(partsOf(state, "PINS"), ""),
    ...boxes(partsOf(state, "FAULTS"), ""),
  ]);
}

const isBeside = (id, columns) =>
  /^(SWAP|PINS|FAULTS)\//.test(id) || /^FILES\/.*\/(cached|swapped|shadow)/.test(id) || /^KSM\/(counters|slot)/.test(id);

// The columns of a picture: those that are empty all along are left out.
function picture(state, links) {
  return [
    everSeen(id => id.startsWith("PAGES/")) ? pages(state) : null,
    everSeen((id, columns) => /^KSM\/K\d/.test(id)) ? nodes(state) : null,
    everSeen(id => /^(ANON_VMAS|FILES)\//.test(id)) ? mappings(state) : null,
    everSeen((id, columns) => /^(rb_root|i_mmap) /.test(columns[0])) ? chains(state, links) : null,
    processes(state),
    everSeen(isBeside) ? beside(state) : null,
  ].filter(each => each);
}

// The arrows of a picture: from, to, kind.
function arrowsOf(links) {
  const arrows = [];
  const own = new Set(links.filter(([, field]) => field === "anon_vma").map(([vma, , av]) => `${vma}\n${av}`));
  for (const [from, field, to] of links) {
    const owner = from.slice(0, from.lastIndexOf("/"));
    if (field === "mapping")
      arrows.push([from, to, to.startsWith("KSM") ? "ksm" : to.startsWith("FILES") ? "file" : "anon"]);
    else if (field === "rb_root")
      arrows.push([owner, from, "anon"], [from, to, own.has(`${to}\n${owner}`) ? "avc own" : "avc"]);
    else if (field === "i_mmap")
      arrows.push([owner, from, "file"], [from, to, "file"]);
    else if (field === "anon_vma" && from.startsWith("KSM"))
      arrows.push([from, to, "ksm"]);
    else if (field === "parent" && from !== to)
      arrows.push([from, to, "parent"]);
    else if (field === "pte" && to.startsWith("SWAP"))
      arrows.push([from, to, "swap"]);
  }
  return arrows;
}

function elementOf(id) {
  return at("picture").querySelector(`[data-id="${CSS.escape(id)}"]`);
}

function drawArrows() {
  const frame = at("picture"), svg = at("arrows");
  svg.replaceChildren();
  const zero = frame.getBoundingClientRect();
  svg.setAttribute("width", frame.scrollWidth);
  svg.setAttribute("height", frame.scrollHeight);
  const scale = frame.offsetWidth ? zero.width / frame.offsetWidth : 1;
  for (const [from, to, kind] of arrowsOf(linksOf(step))) {
    const [a, b] = [elementOf(from)?.getBoundingClientRect(), elementOf(to)?.getBoundingClientRect()];
    if (!a || !b) continue;
    const x = value => (value - zero.left) / scale + frame.scrollLeft, y = value => (value - zero.top) / scale;
    const ay = y(a.top) + Math.min(14, a.height / 2), by = y(b.top) + Math.min(14, b.height / 2);
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    const isBack = b.left < a.right;
    const [ax, bx] = [x(isBack ? a.left : a.right), x(b.left)];
    const bend = isBack ? -26 : Math.max(18, (bx - ax) / 2);
    path.setAttribute("d", isBack
      ? `M${ax} ${ay} C${ax + bend} ${ay} ${bx + bend} ${by} ${bx} ${by}`
      : `M${ax} ${ay} C${ax + bend} ${ay} ${bx - bend} ${by} ${bx} ${by}`);
    path.setAttribute("class", kind);
    path.dataset.from = from;
    path.dataset.to = to;
    svg.append(path);
  }
  lightWalk();
}

const linksOf = number => data.steps[number].links.map(index => data.links[index]);
const walksOf = number => data.steps[number].walks.map(index => data.walks[index]);

function text(number) {
  return data.steps[number].lines.map(index => data.lines[index]).map(([level, , ...columns]) =>
    level === 0 ? `\n${columns[0]}` : "  ".repeat(level - 1) + columns.join("  ")).join("\n").trim();
}

// A paragraph of a note; "walk f1" in it is a button.
function paragraph(words) {
  const made = element("p", "");
  for (const part of words.split(/(\bwalk f\d+\b)/)) {
    if (!/^walk f\d+$/.test(part)) {
      made.append(part);
      continue;
    }
    const button = element("button", "", part);
    button.addEventListener("click", () => startWalk(part.slice(5)));
    made.append(button);
  }
  return made;
}

function show(number) {
  step = Math.max(0, Math.min(data.steps.length - 1, number));
  const now = data.steps[step], isLast = step === data.steps.length - 1;
  at("slider").value = step;
  at("slider").setAttribute("aria-valuetext", now.operation || "the start");
  at("count").textContent = `${step} / ${data.steps.length - 1}`;
  at("back").disabled = step === 0;
  at("on").disabled = isLast;
  at("now").replaceChildren(now.operation ? `${now.operation} => ${now.outcome ?? "no end"}` : "the start");
  [...at("operations").children].forEach((line, index) => {
    line.classList.toggle("now", index === step);
    if (index === step) {
      line.setAttribute("aria-current", "step");
      at("operations").scrollTop = line.offsetTop - at("operations").clientHeight / 2;
    } else {
      line.removeAttribute("aria-current");
    }
  });
  const notes = [...now.note, ...isLast ? data.end : []];
  at("note").replaceChildren(...notes.map(paragraph), ...now.wrong.map(words => element("p", "wrong", words)));
  showFailure(isLast ? data.failure : null);
  const state = read(step);
  const columns = picture(state, linksOf(step));
  at("picture").replaceChildren(at("arrows"), ...columns);
  at("picture").classList.toggle("many", columns.length > 4);
  markFailure(isLast ? data.failure : null);
  at("text").querySelector("pre").textContent = text(step);
  const named = notes.join(" ").match(/\bwalk (f\d+)\b/);
  const keeps = walked && walksOf(step).some(walk => walk.page === walked);
  startWalk(named ? named[1] : keeps && !data.steps.some(each => /\bwalk f\d/.test(each.note.join(" "))) ? walked : null);
  drawArrows();
}

function told(failure) {
  return element("dl", "", element("dt", "", "saw"), element("dd", "", failure.saw),
    element("dt", "", "expected"), element("dd", "", failure.expected));
}

function showFailure(failure) {
  at("failure").hidden = !failure;
  if (failure) {
    at("failure").replaceChildren(
      element("h2", "", `${failure.id} does not hold`), element("p", "", failure.sentence), element("p", "", `in Linux: ${failure.kernel}`),
      told(failure));
  }
}

// What was seen and expected also stands at its place: all that it is about is outlined, and the innermost of it says it.
function markFailure(failure) {
  const about = (failure?.about ?? []).map(elementOf).filter(each => each);
  about.forEach(each => each.classList.add("about"));
  const first = about.find(each => !each.classList.contains("process"));
  first?.append(element("div", "saw", told(failure)));
}

function startWalk(page) {
  walked = page;
  place = -1;
  const walk = walksOf(step).find(each => each.page === page);
  at("walk").hidden = !walk;
  if (!walk) {
    walked = null;
    lightWalk();
    return;
  }
  const list = element("ol", "");
  let round = 0;
  walk.places.forEach((each, index) => {
    for (; round < each.round; round++)
      list.append(element("li", "round", data.rounds[round + 1]));
    list.append(placeOf(each, index));
  });
  for (; round < walk.rounds; round++)
    list.append(element("li", "round", `${data.rounds[round + 1]} Here it looks at nothing.`));
  const previous = element("button", "", "◀"), next = element("button", "", "▶");
  previous.title = "The previous place (p)";
  next.title = "The next place (n)";
  previous.addEventListener("click", () => goTo(place - 1));
  next.addEventListener("click", () => goTo(place + 1));
  at("walk").replaceChildren(
    element("h2", "", `walk from ${walk.page}`), element("p", "", walk.function), walk.ends ? element("p", "", walk.ends) : "",
    walk.places.length ? element("div", "buttons", previous, next, element("span", "", "place by place")) : element("p", "", "It looks at no place."),
    list);
  lightWalk();
}

function placeOf(each, index) {
  const made = element("li", "place",
    element("span", "is", `${index + 1}. VMA ${each.vma} ${each.mapped ? "✓ mapped" : "✗ not mapped"}`), " ",
    element("span", "way", `found in ${each.through} ${each.interval}${each.item ? `, by rmap_item ${each.item}` : ""}`), " ",
    element("span", "way sum", each.address), " ",
    element("span", "way", `${each.tables}: ${each.entry}`));
  made.addEventListener("click", () => goTo(index));
  return made;
}

function goTo(index) {
  const walk = walksOf(step).find(each => each.page === walked);
  if (!walk) return;
  place = Math.max(-1, Math.min(walk.places.length - 1, index));
  lightWalk();
}

function lightWalk() {
  const walk = walked && walksOf(step).find(each => each.page === walked);
  const lit = !walk ? [] : place < 0 ? [`PAGES/${walked}`, ...walk.places.flatMap(each => each.lit)] : walk.places[place].lit;
  document.body.classList.toggle("walking", !!walk);
  const ids = new Set(lit);
  at("picture").querySelectorAll("[data-id]").forEach(each => each.classList.toggle("walked", ids.has(each.dataset.id)));
  at("arrows").querySelectorAll("path").forEach(each =>
    each.classList.toggle("walked", ids.has(each.dataset.from) && ids.has(each.dataset.to) && !each.classList.contains("parent")));
  at("walk").querySelectorAll("li.place").forEach((each, index) => {
    each.classList.toggle("now", index === place);
    if (index === place) each.parentElement.scrollTop = each.offsetTop - 40;
  });
}

// The walk of the page behind that whose walk is shown.
function nextWalk() {
  const all = walksOf(step).map(walk => walk.page);
  startWalk(all[all.indexOf(walked) + 1] ?? null);
}

// What is linked with the thing under the pointer.
function relate(id) {
  const related = new Set();
  if (id) {
    for (const [from, , to] of linksOf(step)) {
      if (from === id) related.add(to);
      if (to === id) related.add(from);
    }
  }
  at("picture").querySelectorAll("[data-id]").forEach(each => each.classList.toggle("rel", related.has(each.dataset.id)));
  at("arrows").querySelectorAll("path").forEach(each => each.classList.toggle("rel", each.dataset.from === id || each.dataset.to === id));
}

function begin() {
  at("rules").textContent = `rules ${data.rules}`;
  at("slider").max = data.steps.length - 1;
  data.steps.forEach((each, index) => {
    const outcome = index ? element("span", "outcome", ` => ${each.outcome ?? "no end"}`) : "";
    const isWrong = each.wrong.length || (data.failure && index === data.steps.length - 1);
    const line = element("li", isWrong ? "wrong" : "", each.operation || "the start", outcome);
    line.addEventListener("click", () => show(index));
    at("operations").append(line);
  });
  at("back").addEventListener("click", () => show(step - 1));
  at("on").addEventListener("click", () => show(step + 1));
  at("slider").addEventListener("input", event => show(Number(event.target.value)));
  const pageAt = event => event.target.closest?.(".page:not(.gone)")?.dataset.id.slice("PAGES/".length);
  at("picture").addEventListener("click", event => {
    const page = pageAt(event);
    if (page) startWalk(page === walked ? null : page);
  });
  at("picture").addEventListener("mouseover", event => relate(event.target.closest("[data-id]")?.dataset.id));
  at("picture").addEventListener("mouseleave", () => relate(null));
  document.addEventListener("keydown", event => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const keys = {
      ArrowLeft: () => show(step - 1), ArrowRight: () => show(step + 1), Home: () => show(0), End: () => show(data.steps.length - 1),
      w: nextWalk, n: () => goTo(place + 1), p: () => goTo(place - 1), Escape: () => startWalk(null),
      Enter: () => { const page = pageAt(event); if (page) startWalk(page === walked ? null : page); else return false; },
    };
    if (keys[event.key] && keys[event.key]() !== false) event.preventDefault();
  });
  window.addEventListener("resize", drawArrows);
  window.addEventListener("beforeprint", () => {
    const width = 700;
    at("picture").style.width = `${at("picture").scrollWidth}px`;
    at("picture").style.zoom = Math.min(1, width / at("picture").scrollWidth);
    drawArrows();
  });
  window.addEventListener("afterprint", () => {
    at("picture").style.width = at("picture").style.zoom = "";
    drawArrows();
  });
  const asked = Number(location.hash.slice(1));
  show(Number.isInteger(asked) && location.hash.length > 1 ? asked : data.failure ? data.steps.length - 1 : 0);
}

begin();
