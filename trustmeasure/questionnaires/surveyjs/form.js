/* The offline form around SurveyJS: link, order, memory, language, times, reminder, saving. Nothing is sent. */
(function () {
  "use strict";

  const byId = (id) => document.getElementById(id);
  const all = (selector) => Array.from(document.querySelectorAll(selector));
  const form = JSON.parse(byId("questionnaire").textContent);
  const has = (object, name) => Object.prototype.hasOwnProperty.call(object, name);
  const link = readLink();
  const storageKey = "trustmeasure/" + form.hash + "/" + (link.id || "");
  let state = null;
  let survey = null;
  let warned = "";
  let relaxed = false;
  let since = null;

  /* what a link may bring: form.html#id=K-1027&lang=zh */
  function readLink() {
    const given = new URLSearchParams(location.hash.slice(1));
    const id = given.get("id") || "";
    const language = given.get("lang") || "";
    return { id: validId(id) ? id : "", language: form.languages.includes(language) ? language : "" };
  }

  function validId(text) {
    return new RegExp(form.id_pattern).test(text);
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

  function shuffled(names) {
    const mixed = names.slice();
    for (let i = mixed.length - 1; i > 0; i -= 1) {
      const j = below(i + 1);
      [mixed[i], mixed[j]] = [mixed[j], mixed[i]];
    }
    return mixed;
  }

  /* the state: one plain object, kept in the browser after every change */
  function fresh() {
    const rows = {};
    drawnMatrices().forEach((matrix) => { rows[matrix.name] = shuffled(names(matrix.rows, "value")); });
    return {
      respondent: link.id || newId(), language: link.language || form.languages[0], page: "", started: "",
      saved: "", done: false, data: {}, seconds: {}, pages: shuffled(form.shuffled), rows: rows,
    };
  }

  function names(records, key) {
    return records.map((record) => record[key]);
  }

  function drawnMatrices() {
    return form.survey.pages.flatMap((page) => page.elements).filter((element) => element.rowOrder === "random");
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
    const texts = [kept.page, kept.started, kept.saved];
    const plain = [kept.data, kept.seconds, kept.rows];
    return validId(kept.respondent) && form.languages.includes(kept.language) &&
      texts.every((text) => typeof text === "string") && /^[-0-9T:Z]*$/.test(kept.started + kept.saved) &&
      plain.every((object) => typeof object === "object" && object !== null && !Array.isArray(object)) &&
      Object.values(kept.seconds).every(Number.isFinite) && sameNames(kept.pages, form.shuffled) &&
      drawnMatrices().every((matrix) => sameNames(kept.rows[matrix.name], names(matrix.rows, "value")));
  }

  function sameNames(some, others) {
    return Array.isArray(some) && some.slice().sort().join() === others.slice().sort().join();
  }

  function keep() {
    state.data = survey.data;
    try {
      window.localStorage.setItem(storageKey, JSON.stringify(state));
    } catch (error) {
      byId("no-storage").hidden = false;
    }
  }

  function forget() {
    try { window.localStorage.removeItem(storageKey); } catch (error) { /* nothing was kept */ }
  }

  /* the answers that were kept, without anything that is no answer */
  function believed(data) {
    const sound = {};
    survey.getAllQuestions().forEach((question) => {
      const value = has(data, question.name) ? data[question.name] : undefined;
      const checked = question.getType() === "matrix" ? believedRows(question, value) : believedOne(question, value);
      if (checked !== undefined) sound[question.name] = checked;
    });
    return sound;
  }

  function believedRows(matrix, value) {
    const rows = {};
    names(matrix.rows, "value").forEach((row) => {
      const known = value && has(Object(value), row) && names(matrix.columns, "value").includes(value[row]);
      if (known) rows[row] = value[row];
    });
    return Object.keys(rows).length > 0 ? rows : undefined;
  }

  function believedOne(question, value) {
    if (question.getType() === "radiogroup") {
      return names(question.choices, "value").includes(value) ? value : undefined;
    }
    return typeof value === "string" || Number.isFinite(value) ? value : undefined;
  }

  /* words */
  function say(key, values) {
    return form.words[state.language][key].replace(/\{(\w+)\}/g, (whole, name) => String(values[name]));
  }

  function setLanguage(tag) {
    state.language = tag;
    document.documentElement.dataset.language = tag;
    document.documentElement.lang = form.html[tag];
    document.title = form.title[tag];
    survey.locale = form.locales[tag];
    all("[data-set-language]").forEach((button) => {
      button.setAttribute("aria-pressed", String(button.dataset.setLanguage === tag));
    });
    if (warned && survey.currentPage) survey.currentPage.validate(true, false);
    refresh();
    keep();
  }

  /* icons with a style of their own, which the page's policy forbids, are none that this form shows */
  function plainIcons() {
    const icons = Survey.SvgRegistry.icons;
    Object.keys(icons).filter((name) => / style=/.test(icons[name])).forEach((name) => { delete icons[name]; });
    Survey.SvgRegistry.updateMarkup();
  }

  /* the survey, with pages and rows in this respondent's order */
  function arranged() {
    const given = JSON.parse(JSON.stringify(form.survey));
    if (link.id) given.pages[0].elements.forEach((element) => { delete element.description; });
    const next = state.pages.map((name) => given.pages.find((page) => page.name === name));
    given.pages = given.pages.map((page) => (form.shuffled.includes(page.name) ? next.shift() : page));
    given.pages.flatMap((page) => page.elements).filter((element) => element.rowOrder).forEach((matrix) => {
      delete matrix.rowOrder;
      matrix.rows = state.rows[matrix.name].map((id) => matrix.rows.find((row) => row.value === id));
    });
    return given;
  }

  function build() {
    survey = new Survey.Model(arranged());
    survey.textUpdateMode = "onTyping";
    survey.data = believed(state.data);
    survey.setValue("respondent_id", state.respondent);
    survey.getQuestionByName("respondent_id").readOnly = link.id !== "";
    remind(survey.pages, true);
    survey.addNavigationItem({
      id: "anyway", visible: false, action: goOn, innerCss: "sd-btn go-on", visibleIndex: 60, title: "",
    });
    listenTo();
  }

  function listenTo() {
    survey.onValueChanged.add((sender, options) => {
      if (options.name === "respondent_id" && validId(options.value)) state.respondent = options.value;
      refresh();
      keep();
    });
    survey.onStarted.add(() => {
      if (!state.started) state.started = now();
      turned();
    });
    survey.onCurrentPageChanged.add(turned);
    survey.onValidateQuestion.add((sender, options) => {
      const lacking = !relaxed && isReminded(options.question) && options.question.isEmpty();
      if (lacking && options.question.getType() !== "matrix") options.error = say("unanswered", {});
    });
    survey.onErrorCustomText.add((sender, options) => {
      if (options.name === "requiredinallrowserror") options.text = say("unanswered", {});
    });
    survey.onValidatePage.add((sender, options) => {
      if (!relaxed && options.page && options.page !== survey.startedPage) warned = options.page.name;
      window.setTimeout(refresh, 0);
    });
    survey.onUpdateQuestionCssClasses.add((sender, options) => {
      if (form.numeric.includes(options.question.name)) options.cssClasses.mainRoot += " numeric";
    });
    survey.onCompleting.add((sender, options) => {
      options.allow = false;
      window.setTimeout(finish, 0);
    });
  }

  function turned() {
    stopClock();
    warned = "";
    state.page = survey.currentPage ? survey.currentPage.name : "";
    startClock();
    refresh();
    keep();
  }

  /* seconds on each page, while the form can be seen */
  function startClock() {
    since = document.hidden || state.done || survey.state !== "running" ? null : [performance.now(), state.page];
  }

  function stopClock() {
    if (since === null) return;
    const [start, page] = since;
    state.seconds[page] = (state.seconds[page] || 0) + (performance.now() - start) / 1000;
    since = null;
  }

  /* a question left out is pointed at once; then one may go on without it */
  function isReminded(question) {
    return ["matrix", "radiogroup", "text", "comment"].includes(question.getType()) && !question.isRequired;
  }

  function remind(pages, wanted) {
    pages.forEach((page) => page.questions.forEach((question) => {
      if (question.getType() === "matrix") question.eachRowRequired = wanted;
    }));
  }

  function goOn() {
    const page = survey.currentPage;
    relaxed = true;
    remind([page], false);
    if (survey.isLastPage) survey.completeLastPage();
    else survey.nextPage();
    remind([page], true);
    relaxed = false;
    refresh();
  }

  /* what is asked, and what of it is answered */
  function shownPages() {
    return survey.visiblePages.filter((page) => page !== survey.startedPage);
  }

  function columnsOn(page) {
    return page.questions.filter((question) => question.isVisible).flatMap((question) => {
      const found = form.columns.filter((column) => column.question === question.name);
      const order = has(state.rows, question.name) ? state.rows[question.name] : names(found, "id");
      return order.map((id) => found.find((column) => column.id === id));
    });
  }

  function answerTo(column) {
    const value = survey.getValue(column.question);
    const inside = column.question === column.id ? value : (value || {})[column.id];
    return inside === undefined || inside === null ? "" : inside;
  }

  function unansweredOn(page) {
    return columnsOn(page).filter((column) => answerTo(column) === "").length;
  }

  function refresh() {
    const page = survey.state === "running" ? survey.currentPage : null;
    const count = page ? unansweredOn(page) : 0;
    const open = page !== null && warned === page.name && count > 0 && !state.done;
    byId("unanswered").hidden = !open;
    byId("unanswered").textContent = open ? say("unanswered_page", { count: count }) : "";
    const anyway = survey.navigationBar.getActionById("anyway");
    anyway.title = say("next_anyway", {});
    anyway.visible = open && !page.questions.some((question) => question.isRequired && question.isEmpty());
    survey.completeText = say(page && unsettled(page) ? "next" : "done", {});
    showProgress();
    if (state.done) showMissing();
  }

  /* before consent is given no later page shows, but the survey goes on */
  function unsettled(page) {
    return form.consent && page.questions.some((question) => question.name === form.consent.column) && !refused();
  }

  function showProgress() {
    const asked = shownPages().flatMap(columnsOn);
    const done = asked.filter((column) => answerTo(column) !== "").length;
    byId("progress").max = Math.max(asked.length, 1);
    byId("progress").value = done;
    const known = !form.consent || asked.length > 1;
    byId("progress-text").textContent = known ? say("progress", { done: done, all: asked.length }) : "";
  }

  /* the end */
  function refused() {
    return form.consent && survey.getValue(form.consent.column) === form.consent.refuse;
  }

  function finish() {
    stopClock();
    state.done = true;
    state.saved = now();
    keep();
    if (refused()) forget();
    showEnd();
    byId(refused() ? "refused" : "finish").focus();
  }

  function showEnd() {
    byId("survey").hidden = state.done;
    byId("end").hidden = !state.done || refused();
    byId("end-refused").hidden = !state.done || !refused();
    byId("after").hidden = true;
    byId("restored").hidden = true;
    window.scrollTo(0, 0);
    refresh();
  }

  function showMissing() {
    const list = byId("missing-parts");
    const parts = shownPages().map((page, i) => [page, i + 1, unansweredOn(page)]).filter((part) => part[2] > 0);
    const count = parts.reduce((sum, part) => sum + part[2], 0);
    byId("complete").hidden = count > 0;
    byId("incomplete").hidden = count === 0;
    byId("incomplete").textContent = say("incomplete", { count: count });
    list.replaceChildren(...parts.map(([page, part, lacking]) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button";
      button.textContent = say("go_to_part", { part: part, count: lacking });
      button.addEventListener("click", () => back(page));
      return button;
    }));
  }

  function back(page) {
    state.done = false;
    if (page && page !== survey.currentPage) survey.currentPage = page;
    showEnd();
    turned();
  }

  /* saving */
  function now() {
    return new Date().toISOString().replace(/\.\d+Z$/, "Z");
  }

  function about() {
    const order = shownPages().flatMap(columnsOn).filter((column) => column.item).map((column) => column.id);
    const values = {
      respondent_id: state.respondent, language: state.language, started_at: state.started, saved_at: state.saved,
      questionnaire: form.hash, wave: form.wave, item_order: order.join(" "),
    };
    return Object.fromEntries(form.before.map((name) => [name, values[name]]));
  }

  function coded() {
    const asked = new Set(shownPages().flatMap(columnsOn));
    return form.columns.map((column) => {
      const given = asked.has(column) ? answerTo(column) : "";
      return [column, given === "" && asked.has(column) ? column.none : given];
    });
  }

  function secondsOn(page) {
    return has(state.seconds, page) ? Math.round(state.seconds[page] * 10) / 10 : "";
  }

  function cell(value) {
    let text = String(value);
    if (typeof value === "string" && /^'*[=+\-@\t\r]/.test(text)) text = "'" + text;
    return /[",\r\n]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text;
  }

  function asCsv() {
    const timed = Object.entries(form.seconds).map(([page, column]) => [column, secondsOn(page)]);
    const answers = coded().map(([column, code]) => [column.id, code]);
    const cells = Object.entries(about()).concat(answers, timed);
    return [0, 1].map((i) => cells.map((pair) => cell(pair[i])).join(",") + "\r\n").join("");
  }

  function asJson() {
    const answers = {};
    coded().filter((pair) => pair[1] !== "").forEach(([column, code]) => {
      if (column.question === column.id) answers[column.id] = code;
      else answers[column.question] = Object.assign(answers[column.question] || {}, { [column.id]: code });
    });
    const timed = Object.keys(form.seconds).filter((page) => has(state.seconds, page));
    const seconds = Object.fromEntries(timed.map((page) => [form.seconds[page], secondsOn(page)]));
    return JSON.stringify(Object.assign(about(), answers, seconds), null, 2) + "\n";
  }

  function save(ending, type, text) {
    const name = "answers-" + form.hash.slice(0, 8) + "-" + state.respondent + ending;
    const address = URL.createObjectURL(new Blob([text], { type: type + ";charset=utf-8" }));
    const anchor = document.createElement("a");
    anchor.href = address;
    anchor.download = name;
    document.body.appendChild(anchor);
    anchor.click();
    anchor.remove();
    window.setTimeout(() => URL.revokeObjectURL(address), 60000);
    byId("saved").textContent = say("saved", { file: name });
    byId("text").value = text;
    byId("after").hidden = false;
    byId("copied").hidden = true;
    byId("saved").focus();
  }

  function copy() {
    byId("text").select();
    try { byId("copied").hidden = !document.execCommand("copy"); } catch (error) { byId("copied").hidden = true; }
  }

  function startAgain() {
    if (!window.confirm(say("clear_question", {}))) return;
    const language = state.language;
    forget();
    state = fresh();
    state.language = language;
    begin();
  }

  /* begin */
  function begin() {
    since = null;
    warned = "";
    if (survey) survey.dispose();
    const place = document.createElement("div");
    place.id = "survey";
    byId("survey").replaceWith(place);
    build();
    const left = state.page;
    if (state.started && survey.start()) {
      const page = shownPages().find((shown) => shown.name === left);
      if (page) survey.currentPage = page;
    } else {
      Object.assign(state, { started: "", done: false });
    }
    setLanguage(state.language);
    SurveyUI.renderSurvey(survey, byId("survey"));
    showEnd();
  }

  function listen() {
    byId("save").addEventListener("click", () => save(".csv", "text/csv", asCsv()));
    byId("save-json").addEventListener("click", () => save(".json", "application/json", asJson()));
    byId("copy").addEventListener("click", copy);
    byId("clear").addEventListener("click", startAgain);
    all("[data-back]").forEach((button) => button.addEventListener("click", () => back(null)));
    all("[data-set-language]").forEach((button) => {
      button.addEventListener("click", () => setLanguage(button.dataset.setLanguage));
    });
    document.addEventListener("visibilitychange", () => {
      stopClock();
      startClock();
      keep();
    });
    window.addEventListener("pagehide", () => {
      stopClock();
      keep();
    });
  }

  plainIcons();
  const kept = stored();
  state = kept || fresh();
  if (kept && link.language) state.language = link.language;
  begin();
  listen();
  byId("restored").hidden = kept === null || kept.started === "" || state.done;
})();
