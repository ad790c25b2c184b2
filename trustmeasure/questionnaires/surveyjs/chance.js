/* Chance, from the browser's cryptographic source where there is one. */
const Chance = (function () {
  "use strict";

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

  return { newId: newId, shuffled: shuffled };
})();
