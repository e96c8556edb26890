"use strict";
// Text from the document reaches the page through textContent and canvas text only.
const data = JSON.parse(document.getElementById("data").textContent);
const $ = (id) => document.getElementById(id);
const n = data.parent.length;
const { totals, parent } = data;

// ---- the tree in arrays: children of `i` are kids[first[i]] to kids[first[i + 1] - 1], in order
const first = new Int32Array(n + 1);
const kids = new Int32Array(Math.max(n - 1, 0));
const depth = new Int32Array(n);
for (let i = 1; i < n; i++) {
  first[parent[i] + 1]++;
  depth[i] = depth[parent[i]] + 1;
}
for (let i = 0; i < n; i++) first[i + 1] += first[i];
const fill = first.slice();
for (let i = 1; i < n; i++) kids[fill[parent[i]]++] = i;
const hot = new Set(data.hot);
const missed = new Set(Object.keys(data.reasons).filter((i) => data.reasons[i].some((r) => r[1])).map(Number));

// Characters that turn the direction of what stands around them are shown as what they are.
const plain = (text) =>
  text.replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,
    (c) => "\\u" + c.charCodeAt(0).toString(16).padStart(4, "0"));
const number = (v) => v.toLocaleString("en-US");
const bytes = (v) => (v < 1e4 ? number(v) + " B" : v < 1e6 ? (v / 1e3).toFixed(1) + " kB"
  : v < 1e9 ? (v / 1e6).toFixed(2) + " MB" : (v / 1e9).toFixed(2) + " GB");
const time = (ns) => (ns < 1e3 ? Math.round(ns) + " ns" : ns < 1e6 ? (ns / 1e3).toFixed(1) + " \u00b5s"
  : ns < 1e9 ? (ns / 1e6).toFixed(2) + " ms" : (ns / 1e9).toFixed(2) + " s");
const percent = (part, of) => (of ? (100 * part / of).toFixed(1) : "0.0") + " %";
const label = (i) => plain(data.step[i]);
function path(i) {
  const steps = [];
  for (; i > 0; i = parent[i]) steps.push(data.step[i]);
  return "$" + steps.reverse().join("");
}
function make(tag, name, text) {
  const made = document.createElement(tag);
  if (name) made.className = name;
  if (text !== undefined) made.textContent = text;
  return made;
}

// ---- totals and times
function showTotals() {
  const tile = (name, value, small) => {
    const box = make("div");
    const shown = make("dd", "", value);
    if (small) shown.append(" ", make("small", "", small));
    box.append(make("dt", "", name), shown);
    $("totals").append(box);
  };
  tile("Size", bytes(totals.bytes), totals.indented ? "indented" : "");
  tile("Expected", bytes(totals.bytes_expected), "bound " + bytes(totals.bytes_bound));
  tile("Values", number(totals.values));
  tile("Places", number(totals.nodes));
  tile("In lanes", totals.lane_able_elements ? percent(totals.lane_elements, totals.lane_able_elements) : "\u2013",
    number(totals.lane_elements) + " of " + number(totals.lane_able_elements) + " elements");
  tile("Plan", bytes(totals.arena_bytes), number(totals.segments) + (totals.segments === 1 ? " segment" : " segments"));
  const t = totals.thresholds;
  $("summary").textContent = `Lanes from int ${t.int}, float ${t.float}, bool ${t.bool}, str ${t.str}.`;
  if (totals.stopped) {
    $("stopped").append("Stopped at ", make("code", "", plain(totals.stopped.path)), ": " + plain(totals.stopped.message));
    $("stopped").hidden = false;
  }
}
function showTimes() {
  const t = totals.times;
  if (!t) return;
  const rows = [];
  if (t.direct_ns !== null) rows.push(["dumps()", [t.direct_ns], ""]);
  if (t.planned_ns !== null) rows.push(["dumps(plan=True)", [t.planned_ns], ""]);
  if (t.cached_ns !== null) rows.push(["compile().dumps()", [t.cached_ns], ""]);
  rows.push(["plan() + emit()", [t.planning_ns || 0, t.emitting_ns],
    `${time(t.planning_ns || 0)} + ${time(t.emitting_ns)}`]);
  const sum = (parts) => parts.reduce((a, b) => a + b, 0);
  const most = Math.max(...rows.map((row) => sum(row[1])));
  for (const [name, parts, text] of rows) {
    const track = make("div", "track");
    for (const part of parts) {
      const bar = make("i");
      bar.style.width = 100 * part / most + "%";
      track.append(bar);
    }
    $("times").append(make("span", "", name), track, make("span", "value", text || time(parts[0])));
  }
  $("times").append(make("p", "note", `Measuring each step made emission take ${time(t.measured_ns)}; `
    + `${t.clock_ns.toFixed(1)} ns a look at the clock are taken off.`));
  $("times").hidden = false;
}

// ---- what is selected and zoomed to
const state = { selected: 0, zoom: 0, by: "bytes", show: "all", search: "" };
function select(i, reveal) {
  state.selected = i;
  if (reveal) revealRow(i);
  drawRows();
  drawChart();
  showDetail();
}
function zoom(i) {
  state.zoom = i;
  showCrumbs();
  select(i, true);
}
function showCrumbs() {
  const way = [];
  for (let i = state.zoom; i >= 0; i = parent[i]) way.push(i);
  $("crumbs").replaceChildren(...way.reverse().map((i) => {
    const crumb = make("button", "", label(i));
    crumb.type = "button";
    crumb.onclick = () => zoom(i);
    return crumb;
  }));
}
function showDetail() {
  const i = state.selected;
  const line = make("p");
  line.append(make("code", "", plain(path(i))));
  const facts = [data.kinds[data.kind[i]], number(data.count[i]) + (data.count[i] === 1 ? " value" : " values"),
    bytes(data.bytes[i]) + " (" + percent(data.bytes[i], totals.bytes) + ")"];
  if (data.count[i] > 1) facts.push((data.bytes[i] / data.count[i]).toFixed(1) + " B each");
  if (data.total) {
    facts.push(`${time(data.total[i])} (${percent(data.total[i], data.total[0])})`,
      `itself ${time(data.own[i])}, ${(data.own[i] / Math.max(data.shared[i], 1)).toFixed(1)} ns a value`);
  }
  if (data.lane[i]) facts.push(data.lane[i]);
  if (data.example[i]) facts.push("for example " + plain(data.example[i]));
  const parts = [line, make("p", "", facts.join(" \u00b7 "))];
  if (hot.has(i)) parts.push(make("p", "fire", "Hot: a tenth of the time or more goes to this place itself."));
  for (const [text] of data.reasons[i] || []) parts.push(make("p", "why", plain(text)));
  $("detail").replaceChildren(...parts);
}

// ---- the tree: only the rows that can be seen exist
const ROW = 24;
const open = new Uint8Array(n);
let rows = new Int32Array(0);
let aside = null;
let paths = null;
function openSome() {
  open[0] = 1;
  let shown = 1;
  for (let i = 0; i < n && shown < 200; i++) {
    const count = first[i + 1] - first[i];
    if (depth[i] < 5 && count && (i === 0 || open[parent[i]]) && data.bytes[i] * 100 >= totals.bytes) {
      open[i] = 1;
      shown += count;
    }
  }
}
function matching() {
  const words = state.search.toLowerCase().split(/\s+/).filter(Boolean);
  if (state.show === "all" && !words.length) return null;
  if (words.length && !paths) {
    paths = new Array(n);
    const full = new Array(n);
    for (let i = 0; i < n; i++) {
      full[i] = i ? full[parent[i]] + data.step[i] : "$";
      const notes = (data.reasons[i] || []).map((r) => r[0]).join(" ");
      paths[i] = `${full[i]} ${data.kinds[data.kind[i]]} ${data.lane[i] || ""} ${notes}`.toLowerCase();
    }
  }
  const found = new Uint8Array(n);
  for (let i = 0; i < n; i++) {
    if (state.show === "missed" && !missed.has(i)) continue;
    if (state.show === "hot" && !hot.has(i)) continue;
    if (words.every((word) => paths[i].includes(word))) found[i] = 2;
  }
  return found;
}
function listRows() {
  const found = matching();
  aside = null;
  if (found) {
    let hits = 0;
    for (let i = n - 1; i > 0; i--) {
      if (found[i] === 2) hits++;
      if (found[i] && !found[parent[i]]) found[parent[i]] = 1;
    }
    if (found[0] === 2) hits++;
    aside = found;
    $("found").textContent = number(hits) + (hits === 1 ? " match" : " matches");
    rows = Int32Array.from({ length: n }, (_, i) => i).filter((i) => found[i]);
  } else {
    $("found").textContent = "";
    const list = [];
    const todo = [0];
    while (todo.length) {
      const i = todo.pop();
      list.push(i);
      if (open[i]) for (let k = first[i + 1] - 1; k >= first[i]; k--) todo.push(kids[k]);
    }
    rows = Int32Array.from(list);
  }
  $("space").style.height = rows.length * ROW + "px";
  drawRows();
}
function row(at) {
  const i = rows[at];
  const made = make("div", "row" + (aside && aside[i] === 1 ? " aside" : ""));
  made.style.top = at * ROW + "px";
  made.id = "row" + i;
  made.setAttribute("role", "treeitem");
  made.setAttribute("aria-level", depth[i] + 1);
  made.setAttribute("aria-selected", i === state.selected);
  const place = make("span", "place");
  place.style.paddingLeft = Math.min(depth[i], 24) * 12 + "px";
  const inside = first[i + 1] > first[i];
  const isOpen = aside ? true : Boolean(open[i]);
  if (inside) made.setAttribute("aria-expanded", isOpen);
  const twist = make("span", "twist", inside ? (isOpen ? "\u25be" : "\u25b8") : "");
  twist.onclick = (event) => {
    event.stopPropagation();
    turn(i, !open[i]);
  };
  place.append(twist, make("span", "label", label(i)));
  place.title = plain(path(i));
  const share = make("span", "share");
  const bar = make("i");
  const size = state.by === "time" ? data.total : data.bytes;
  bar.style.width = 32 * size[i] / Math.max(size[0], 1) + "px";
  share.append(bar, percent(size[i], size[0]));
  const notes = make("span", "cut");
  if (hot.has(i)) notes.append(make("span", "fire", "HOT "));
  const reasons = (data.reasons[i] || []).map((r) => plain(r[0])).join("; ");
  if (data.lane[i]) notes.append(data.lane[i] + (reasons ? "; " : ""));
  if (reasons) notes.append(make("span", "why", reasons));
  notes.title = notes.textContent;
  const amount = state.by === "time" ? time(data.total[i]) : bytes(data.bytes[i]);
  made.append(place, make("span", "cut", data.kinds[data.kind[i]]), make("span", "number", number(data.count[i])),
    make("span", "number", amount), share, notes);
  made.onclick = () => {
    select(i, false);
    $("tree").focus({ preventScroll: true });
  };
  made.ondblclick = () => zoom(i);
  return made;
}
function drawRows() {
  const tree = $("tree");
  const from = Math.max(Math.floor(tree.scrollTop / ROW) - 6, 0);
  const to = Math.min(from + Math.ceil(tree.clientHeight / ROW) + 12, rows.length);
  const list = [];
  for (let at = from; at < to; at++) list.push(row(at));
  $("space").replaceChildren(...list);
  tree.setAttribute("aria-activedescendant", "row" + state.selected);
}
function turn(i, wanted) {
  if (aside) return;
  open[i] = wanted ? 1 : 0;
  listRows();
}
function revealRow(i) {
  if (!aside) {
    let changed = false;
    for (let up = parent[i]; up >= 0; up = parent[up]) {
      if (!open[up]) changed = true;
      open[up] = 1;
    }
    if (changed) listRows();
  }
  const at = rows.indexOf(i);
  const tree = $("tree");
  if (at < 0) return;
  if (at * ROW < tree.scrollTop) tree.scrollTop = at * ROW;
  if ((at + 1) * ROW > tree.scrollTop + tree.clientHeight) tree.scrollTop = (at + 1) * ROW - tree.clientHeight;
}
function treeKey(event) {
  const at = rows.indexOf(state.selected);
  const i = state.selected;
  const page = Math.max(Math.floor($("tree").clientHeight / ROW) - 1, 1);
  const go = (to) => rows.length && select(rows[Math.min(Math.max(to, 0), rows.length - 1)], true);
  const moves = {
    ArrowDown: () => go(at + 1), ArrowUp: () => go(at - 1), Home: () => go(0), End: () => go(rows.length - 1),
    PageDown: () => go(at + page), PageUp: () => go(at - page),
    ArrowRight: () => (first[i + 1] > first[i] && !open[i] && !aside ? turn(i, true) : go(at + 1)),
    ArrowLeft: () => (open[i] && !aside ? turn(i, false) : i && select(parent[i], true)),
    Enter: () => zoom(i), Backspace: () => state.zoom && zoom(parent[state.zoom]), Escape: () => zoom(0),
  };
  if (moves[event.key] && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    moves[event.key]();
  }
}

// ---- the chart: depth runs to the right, sizes run down
let boxes = [];
const ink = {};
function readColors() {
  const style = getComputedStyle(document.documentElement);
  for (const name of [...data.hues, "panel", "ink", "accent", "warn", "hotness"]) {
    ink[name] = style.getPropertyValue("--" + name).trim();
  }
}
function layOut(width, height) {
  const size = state.by === "time" ? data.total : data.bytes;
  const root = state.zoom;
  let deepest = 0;
  const list = [];
  const todo = [[root, 0, height]];
  while (todo.length) {
    const [i, y, h] = todo.pop();
    list.push([i, y, h]);
    deepest = Math.max(deepest, depth[i] - depth[root]);
    let at = y;
    for (let k = first[i]; k < first[i + 1]; k++) {
      const part = size[i] ? h * size[kids[k]] / size[i] : 0;
      if (part >= 0.75) todo.push([kids[k], at, part]);
      at += part;
    }
  }
  const column = Math.max(width / (deepest + 1), 58);
  boxes = list.map(([i, y, h]) => [i, (depth[i] - depth[root]) * column, y, column, h])
    .filter((box) => box[1] < width);
}
function drawChart() {
  const canvas = $("icicle");
  const { clientWidth: width, clientHeight: height } = canvas;
  if (!width || !height) return;
  const scale = window.devicePixelRatio || 1;
  if (canvas.width !== Math.round(width * scale) || canvas.height !== Math.round(height * scale)) {
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
  }
  const pen = canvas.getContext("2d");
  pen.setTransform(scale, 0, 0, scale, 0, 0);
  pen.fillStyle = ink.panel;
  pen.fillRect(0, 0, width, height);
  layOut(width, height);
  pen.font = "11px system-ui, 'DejaVu Sans', sans-serif";
  pen.textBaseline = "top";
  for (const box of boxes) drawBox(pen, box);
  const chosen = boxes.find((box) => box[0] === state.selected);
  if (chosen) outline(pen, chosen, ink.accent, 3, []);
}
function outline(pen, [, x, y, w, h], color, thick, dash) {
  pen.strokeStyle = color;
  pen.lineWidth = thick;
  pen.setLineDash(dash);
  const inset = thick / 2 + 0.5;
  pen.strokeRect(x + inset, y + inset, Math.max(w - 2 * inset, 1), Math.max(h - 2 * inset, 1));
  pen.setLineDash([]);
}
function drawBox(pen, box) {
  const [i, x, y, w, h] = box;
  const gap = h > 4 ? 1 : 0;
  pen.fillStyle = ink[data.hues[data.hue[i]]];
  pen.fillRect(x, y, w - 1, Math.max(h - gap, 0.75));
  if (h > 7 && hot.has(i)) outline(pen, box, ink.hotness, 2, []);
  if (h > 7 && missed.has(i)) outline(pen, box, ink.warn, 2, [5, 3]);
  if (h < 13) return;
  pen.save();
  pen.beginPath();
  pen.rect(x, y, w - 4, h);
  pen.clip();
  pen.fillStyle = ink.ink;
  const size = state.by === "time" ? data.total : data.bytes;
  const share = percent(size[i], size[0]);
  const amount = (state.by === "time" ? time(size[i]) : bytes(size[i])) + "  " + share;
  const place = w - 12;
  // In the middle where it is short, at the top where it is tall.
  const top = h > 44 ? y + 8 : y + Math.max((h - (h >= 28 ? 26 : 12)) / 2, 0);
  pen.fillText(fitting(pen, label(i).slice(0, 80), place), x + 6, top);
  if (h >= 28) {
    pen.globalAlpha = 0.75;
    pen.fillText(pen.measureText(amount).width > place ? share : amount, x + 6, top + 14);
  }
  pen.restore();
}
function fitting(pen, text, place) {
  if (pen.measureText(text).width <= place) return text;
  while (text && pen.measureText(text + "\u2026").width > place) text = text.slice(0, -1);
  return text + "\u2026";
}
function boxAt(event) {
  const area = $("icicle").getBoundingClientRect();
  const x = event.clientX - area.left;
  const y = event.clientY - area.top;
  return boxes.find(([, left, top, w, h]) => x >= left && x < left + w && y >= top && y < top + h);
}
function chartKey(event) {
  const i = state.selected;
  const up = parent[i];
  const sibling = (by) => {
    if (i === state.zoom) return;
    for (let k = first[up]; k < first[up + 1]; k++) {
      const to = k + by;
      if (kids[k] === i && to >= first[up] && to < first[up + 1]) return select(kids[to], true);
    }
  };
  const moves = {
    ArrowDown: () => sibling(1), ArrowUp: () => sibling(-1),
    ArrowRight: () => first[i + 1] > first[i] && select(kids[first[i]], true),
    ArrowLeft: () => i !== state.zoom && i && select(up, true),
    Enter: () => zoom(i), Backspace: () => state.zoom && zoom(parent[state.zoom]), Escape: () => zoom(0),
  };
  if (moves[event.key] && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    moves[event.key]();
  }
}

// ---- putting it together
function press(name, value) {
  for (const button of document.querySelectorAll(`[data-${name}]`)) {
    button.setAttribute("aria-pressed", button.dataset[name] === value);
  }
}
function listen() {
  $("tree").addEventListener("scroll", drawRows, { passive: true });
  $("tree").addEventListener("keydown", treeKey);
  $("icicle").addEventListener("keydown", chartKey);
  $("icicle").addEventListener("click", (event) => {
    const box = boxAt(event);
    if (box && box[0] === state.selected) zoom(box[0] === state.zoom && box[0] ? parent[box[0]] : box[0]);
    else if (box) select(box[0], true);
  });
  $("icicle").addEventListener("mousemove", (event) => {
    const box = boxAt(event);
    $("icicle").title = box ? plain(path(box[0])) : "";
  });
  let waiting = 0;
  $("search").addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      state.search = $("search").value;
      $("tree").scrollTop = 0;
      listRows();
    }, 60);
  });
  for (const button of document.querySelectorAll("[data-show]")) {
    button.onclick = () => {
      state.show = button.dataset.show;
      press("show", state.show);
      $("tree").scrollTop = 0;
      listRows();
    };
  }
  for (const button of document.querySelectorAll("[data-by]")) {
    button.disabled = button.dataset.by === "time" && !data.total;
    button.onclick = () => {
      state.by = button.dataset.by;
      press("by", state.by);
      document.querySelector(".head span:nth-child(4)").textContent = state.by === "time" ? "Time" : "Bytes";
      drawChart();
      drawRows();
    };
  }
  document.querySelector("[data-show=hot]").disabled = !data.total;
  $("expand").onclick = () => {
    const all = $("expand").textContent === "Expand all";
    open.fill(all ? 1 : 0);
    open[0] = 1;
    $("expand").textContent = all ? "Collapse all" : "Expand all";
    listRows();
  };
  $("theme").onclick = () => {
    const dark = matchMedia("(prefers-color-scheme: dark)").matches;
    const now = document.documentElement.dataset.theme || (dark ? "dark" : "light");
    document.documentElement.dataset.theme = now === "dark" ? "light" : "dark";
    readColors();
    drawChart();
  };
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && document.activeElement !== $("search")) {
      event.preventDefault();
      $("search").focus();
    }
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    readColors();
    drawChart();
  });
  new ResizeObserver(() => {
    drawChart();
    drawRows();
  }).observe($("chart"));
}
function showLegend() {
  const used = new Set(data.hue);
  const entry = (name, text) => {
    const made = make("span");
    made.append(make("i", "k-" + name), text);
    $("legend").append(made);
  };
  data.hues.forEach((name, i) => used.has(i) && entry(name, name));
  if (missed.size) entry("missed", "missed lane");
  if (hot.size) entry("hot", "hot");
}
readColors();
showTotals();
showTimes();
showLegend();
openSome();
listen();
showCrumbs();
listRows();
select(0, false);
performance.mark("drawn");
