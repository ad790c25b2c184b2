/* What the browser remembers of a respondent: one plain object, each link with a memory of its own. */
const memoryOf = function (form) {
  "use strict";

  const has = (object, name) => Object.prototype.hasOwnProperty.call(object, name);
  const names = (records, key) => records.map((record) => record[key]);
  const link = readLink();
  const place = "trustmeasure/" + form.hash + "/" + link.id;

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

  function fresh() {
    const rows = {};
    drawnMatrices().forEach((matrix) => { rows[matrix.name] = Chance.shuffled(names(matrix.rows, "value")); });
    return {
      respondent: link.id || Chance.newId(), language: link.language || form.languages[0], page: "", started: "",
      saved: "", done: false, data: {}, seconds: {}, pages: Chance.shuffled(form.shuffled), rows: rows,
    };
  }

  function drawnMatrices() {
    return form.survey.pages.flatMap((page) => page.elements).filter((element) => element.rowOrder === "random");
  }

  function stored() {
    try {
      const kept = JSON.parse(window.localStorage.getItem(place));
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

  /* whether it could be kept */
  function keep(state) {
    try {
      window.localStorage.setItem(place, JSON.stringify(state));
      return true;
    } catch (error) {
      return false;
    }
  }

  function forget() {
    try { window.localStorage.removeItem(place); } catch (error) { /* nothing was kept */ }
  }

  /* the answers that were kept, without anything that is no answer */
  function believed(survey, data) {
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

  return {
    link: link, fresh: fresh, stored: stored, keep: keep, forget: forget, believed: believed, validId: validId,
  };
};
