/* The file of a respondent: a CSV table of two rows, or any text, offered as a download. */
const Saving = (function () {
  "use strict";

  /* text that a spreadsheet program would run begins with an apostrophe */
  function cell(value) {
    let text = String(value);
    if (typeof value === "string" && /^'*[=+\-@\t\r]/.test(text)) text = "'" + text;
    return /[",\r\n]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text;
  }

  function csv(cells) {
    return [0, 1].map((i) => cells.map((pair) => cell(pair[i])).join(",") + "\r\n").join("");
  }

  function download(name, type, text) {
    const address = URL.createObjectURL(new Blob([text], { type: type + ";charset=utf-8" }));
    const anchor = document.createElement("a");
    anchor.href = address;
    anchor.download = name;
    document.body.appendChild(anchor);
    anchor.click();
    anchor.remove();
    window.setTimeout(() => URL.revokeObjectURL(address), 60000);
  }

  return { csv: csv, download: download };
})();
