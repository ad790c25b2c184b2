/* The offline form around SurveyJS: link, order, memory, language, times, reminder, saving. Nothing is sent. */
(function () {
  "use strict";

  const byId = (id) => document.getElementById(id);
  const all = (selector) => Array.from(document.querySelectorAll(selector));
  const form = JSON.parse(byId("questionnaire").textContent);
  const has = (object, name) => Object.prototype.hasOwnProperty.call(object, name);
  const memory = memoryOf(form);
  let state = null;
  let survey = null;
  let warned = "";
  let relaxed = false;
  let since = null;

  /* who refused leaves nothing behind */
  function keep() {
    if (state.done && refused()) return;
    state.data = survey.data;
    if (!memory.keep(state)) byId("no-storage").hidden = false;
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
    if (memory.link.id) given.pages[0].elements.forEach((element) => { delete element.description; });
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
    survey.data = memory.believed(survey, state.data);
    survey.setValue("respondent_id", state.respondent);
    survey.getQuestionByName("respondent_id").readOnly = memory.link.id !== "";
    remind(survey.pages, true);
    survey.addNavigationItem({
      id: "anyway", visible: false, action: goOn, innerCss: "sd-btn go-on", visibleIndex: 60, title: "",
    });
    listenTo();
  }

  function listenTo() {
    survey.onValueChanged.add((sender, options) => {
      if (options.name === "respondent_id" && memory.validId(options.value)) state.respondent = options.value;
      refresh();
      keep();
    });
    survey.onStarted.add(() => {
      if (!state.started) state.started = now();
      turned();
    });
    survey.onCurrentPageChanged.add(() => {
      turned();
      byId("survey").focus({ preventScroll: true });
    });
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
    byId("restored").hidden = true;
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
    const chosen = ["matrix", "radiogroup"].includes(question.getType());
    return !question.isRequired && (chosen || ["number", "date"].includes(question.inputType));
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
      const order = has(state.rows, question.name) ? state.rows[question.name] : found.map((column) => column.id);
      return order.map((id) => found.find((column) => column.id === id));
    });
  }

  function answerTo(column) {
    const value = survey.getValue(column.question);
    const inside = column.question === column.id ? value : (value || {})[column.id];
    return inside === undefined || inside === null ? "" : inside;
  }

  /* words of one's own may always be left out */
  function unansweredOn(page) {
    const needed = page.questions.filter((question) => question.isRequired || isReminded(question));
    const asked = columnsOn(page).filter((column) => needed.some((question) => question.name === column.question));
    return asked.filter((column) => answerTo(column) === "").length;
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
    if (refused()) memory.forget();
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

  function asCsv() {
    const timed = Object.entries(form.seconds).map(([page, column]) => [column, secondsOn(page)]);
    const answers = coded().map(([column, code]) => [column.id, code]);
    return Saving.csv(Object.entries(about()).concat(answers, timed));
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
    Saving.download(name, type, text);
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
    memory.forget();
    state = memory.fresh();
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
    place.tabIndex = -1;
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
  const kept = memory.stored();
  state = kept || memory.fresh();
  if (kept && memory.link.language) state.language = memory.link.language;
  begin();
  listen();
  byId("restored").hidden = kept === null || kept.started === "" || state.done;
})();
