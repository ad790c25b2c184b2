(function () {
  "use strict";

  const form = JSON.parse(document.getElementById("questionnaire").textContent);
  const root = document.documentElement;
  const byId = (id) => document.getElementById(id);
  const all = (selector, within) => Array.from((within || document).querySelectorAll(selector));
  const pages = all("[data-page]");
  const last = pages.length - 1;
  const link = readLink();
  const storageKey = "trustmeasure/" + form.hash + "/" + (link.id || "");
  let state = null;

  /* what a link may bring: form.html#id=K-1027&lang=zh */
  function readLink() {
    const given = new URLSearchParams(location.hash.slice(1));
    const id = given.get("id") || "";
    const language = given.get("lang") || "";
    return {
      id: validId(id) ? id : "",
      language: form.languages.indexOf(language) >= 0 ? language : "",
    };
  }

  function validId(text) {
    return /^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/.test(text);
  }

  /* chance, from the browser's cryptographic source where there is one */
  function below(limit) {
    if (!window.crypto || !window.crypto.getRandomValues) return Math.floor(Math.random() * limit);
    const ceiling = Math.floor(4294967296 / limit) * limit;
    const drawn = new Uint32Array(1);
    do { window.crypto.getRandomValues(drawn); } while (drawn[0] >= ceiling);
    return drawn[0] % limit;
  }

  function newId() {
    const signs = "abcdefghjkmnpqrstuvwxyz23456789";
    let id = "r-";
    while (id.length < 12) id += signs[below(signs.length)];
    return id;
  }

  function shuffled(ids) {
    const mixed = ids.slice();
    for (let i = mixed.length - 1; i > 0; i -= 1) {
      const j = below(i + 1);
      [mixed[i], mixed[j]] = [mixed[j], mixed[i]];
    }
    return mixed;
  }

  /* the state: one plain object, kept in the browser after every change */
  function fresh() {
    return {
      respondent: link.id || newId(), language: link.language || form.languages[0], page: 0,
      started: "", answers: {},
      orders: all("[data-shuffle]").map((matrix) => shuffled(itemsOf(matrix))),
    };
  }

  function stored() {
    try {
      const kept = JSON.parse(window.localStorage.getItem(storageKey));
      return kept && isState(kept) ? kept : null;
    } catch (error) {
      return null;
    }
  }

  function isState(kept) {
    const matrices = all("[data-shuffle]");
    return validId(kept.respondent) && form.languages.indexOf(kept.language) >= 0 &&
      Number.isInteger(kept.page) && kept.page >= 0 && kept.page <= last &&
      typeof kept.started === "string" && /^[-0-9T:Z]*$/.test(kept.started) &&
      typeof kept.answers === "object" && kept.answers !== null &&
      Array.isArray(kept.orders) && kept.orders.length === matrices.length &&
      matrices.every((matrix, i) => sameItems(kept.orders[i], itemsOf(matrix)));
  }

  function sameItems(some, others) {
    return Array.isArray(some) && some.slice().sort().join() === others.slice().sort().join();
  }

  function keep() {
    try {
      window.localStorage.setItem(storageKey, JSON.stringify(state));
    } catch (error) {
      byId("no-storage").hidden = false;
    }
  }

  function forget() {
    try { window.localStorage.removeItem(storageKey); } catch (error) { /* nothing was kept */ }
  }

  /* words */
  function say(key, values) {
    return form.words[state.language][key].replace(/\{(\w+)\}/g, (whole, name) => String(values[name]));
  }

  function setLanguage(tag) {
    state.language = tag;
    root.setAttribute("data-language", tag);
    root.lang = form.html[tag];
    document.title = form.title[tag];
    all("[data-set-language]").forEach((button) => {
      button.setAttribute("aria-pressed", String(button.dataset.setLanguage === tag));
    });
    showProgress();
    showWarning(pages[state.page]);
    showFinish();
    keep();
  }

  /* questions */
  function itemsOf(within) {
    return all("[data-item]", within).map((item) => item.dataset.item);
  }

  function itemBox(id) {
    return all("[data-item]").find((box) => box.dataset.item === id);
  }

  function choices(box) {
    return all("input[type=radio]", box);
  }

  function isAnswered(id) {
    return Object.prototype.hasOwnProperty.call(state.answers, id);
  }

  function unansweredOn(page) {
    return itemsOf(page).filter((id) => !isAnswered(id));
  }

  function reorder() {
    all("[data-shuffle]").forEach((matrix, i) => {
      state.orders[i].forEach((id) => matrix.appendChild(itemBox(id)));
    });
    all("[data-item] .number").forEach((number, i) => { number.textContent = String(i + 1); });
  }

  function paint(box) {
    const answered = isAnswered(box.dataset.item);
    choices(box).forEach((choice) => choice.parentNode.classList.toggle("chosen", choice.checked));
    if (answered) box.classList.remove("unanswered");
    box.querySelector(".mark").hidden = !box.classList.contains("unanswered");
  }

  function restoreAnswers() {
    const kept = state.answers;
    state.answers = {};
    all("[data-item]").forEach((box) => {
      const id = box.dataset.item;
      box.classList.remove("unanswered");
      choices(box).forEach((choice) => {
        choice.checked = Object.prototype.hasOwnProperty.call(kept, id) && choice.value === kept[id];
        if (choice.checked) state.answers[id] = choice.value;
      });
      paint(box);
    });
  }

  function answer(event) {
    const box = event.target.closest("[data-item]");
    if (!box || event.target.type !== "radio") return;
    state.answers[box.dataset.item] = event.target.value;
    paint(box);
    byId("after").hidden = true;
    showProgress();
    showWarning(pages[state.page]);
    keep();
  }

  /* pages */
  function showProgress() {
    const done = Object.keys(state.answers).length;
    byId("progress").value = done;
    byId("progress-text").textContent = say("progress", { done: done, all: form.columns.length });
  }

  function showWarning(page) {
    const warning = page.querySelector("[data-unanswered]");
    if (!warning) return;
    const count = unansweredOn(page).length;
    const warned = page.classList.contains("warned") && count > 0;
    warning.hidden = !warned;
    warning.textContent = warned ? say("unanswered_page", { count: count }) : "";
    page.querySelector("[data-anyway]").hidden = !warned;
    page.querySelector("[data-next]").hidden = warned;
  }

  function warn(page) {
    page.classList.add("warned");
    unansweredOn(page).forEach((id) => {
      itemBox(id).classList.add("unanswered");
      paint(itemBox(id));
    });
    showWarning(page);
    page.querySelector("[data-unanswered]").focus();
    window.scrollTo(0, 0);
  }

  function show(number, quietly) {
    pages.forEach((page, i) => { page.hidden = i !== number; });
    state.page = number;
    showWarning(pages[number]);
    showFinish();
    keep();
    if (quietly) return;
    window.scrollTo(0, 0);
    pages[number].querySelector("h1, h2").focus();
  }

  function next() {
    const page = pages[state.page];
    if (unansweredOn(page).length > 0) warn(page);
    else show(state.page + 1);
  }

  function start() {
    const typed = byId("respondent").value.trim();
    const valid = validId(typed);
    byId("respondent-error").hidden = valid;
    byId("respondent").setAttribute("aria-invalid", String(!valid));
    if (!valid) { byId("respondent").focus(); return; }
    state.respondent = typed;
    state.started = state.started || now();
    show(1);
  }

  function showFinish() {
    const parts = pages.slice(1, last);
    const missing = parts.map((page) => unansweredOn(page).length);
    const count = missing.reduce((sum, some) => sum + some, 0);
    byId("complete").hidden = count > 0;
    byId("incomplete").hidden = count === 0;
    byId("incomplete").textContent = say("incomplete", { count: count });
    byId("missing-parts").textContent = "";
    missing.forEach((some, i) => { if (some > 0) byId("missing-parts").appendChild(partButton(i + 1, some)); });
    if (!byId("after").hidden) byId("saved").textContent = say("saved", { file: fileName() });
  }

  function partButton(part, count) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button";
    button.textContent = say("go_to_part", { part: part, count: count });
    button.addEventListener("click", () => { show(part); warn(pages[part]); });
    return button;
  }

  /* the file */
  function now() {
    return new Date().toISOString().replace(/\.\d+Z$/, "Z");
  }

  function cell(value) {
    let text = String(value);
    if (/^[=+\-@\t\r]/.test(text)) text = "'" + text;
    return /[",\r\n]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text;
  }

  function asCsv() {
    const about = {
      respondent_id: state.respondent, language: state.language, started_at: state.started, saved_at: now(),
      questionnaire: form.hash, item_order: itemsOf(document).join(" "),
    };
    const values = form.other.map((name) => about[name]).concat(form.columns.map(codeOf));
    return [form.other.concat(form.columns), values].map((row) => row.map(cell).join(",") + "\r\n").join("");
  }

  function codeOf(id) {
    return isAnswered(id) ? state.answers[id] : itemBox(id).dataset.none;
  }

  function fileName() {
    return "answers-" + form.hash.slice(0, 8) + "-" + state.respondent + ".csv";
  }

  function save() {
    const text = asCsv();
    const address = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
    const anchor = document.createElement("a");
    anchor.href = address;
    anchor.download = fileName();
    document.body.appendChild(anchor);
    anchor.click();
    anchor.remove();
    window.setTimeout(() => URL.revokeObjectURL(address), 60000);
    byId("csv").value = text;
    byId("after").hidden = false;
    byId("copied").hidden = true;
    showFinish();
    byId("saved").focus();
  }

  function copy() {
    byId("csv").select();
    try { byId("copied").hidden = !document.execCommand("copy"); } catch (error) { byId("copied").hidden = true; }
  }

  function clear() {
    if (!window.confirm(say("clear_question", {}))) return;
    const language = state.language;
    forget();
    state = fresh();
    state.language = language;
    begin(false);
  }

  /* begin */
  function begin(restored) {
    pages.forEach((page) => page.classList.remove("warned"));
    byId("after").hidden = true;
    byId("restored").hidden = !restored;
    byId("respondent").value = state.respondent;
    byId("respondent").readOnly = link.id !== "";
    byId("respondent-hint").hidden = link.id !== "";
    reorder();
    restoreAnswers();
    setLanguage(state.language);
    show(state.page, restored);
  }

  function listen() {
    document.addEventListener("change", answer);
    byId("start").addEventListener("click", start);
    byId("save").addEventListener("click", save);
    byId("copy").addEventListener("click", copy);
    byId("clear").addEventListener("click", clear);
    all("[data-back]").forEach((button) => button.addEventListener("click", () => show(state.page - 1)));
    all("[data-next]").forEach((button) => button.addEventListener("click", next));
    all("[data-anyway]").forEach((button) => button.addEventListener("click", () => show(state.page + 1)));
    all("[data-set-language]").forEach((button) => {
      button.addEventListener("click", () => setLanguage(button.dataset.setLanguage));
    });
  }

  const kept = stored();
  state = kept || fresh();
  if (kept && link.language) state.language = link.language;
  listen();
  begin(kept !== null && kept.started !== "");
})();
