// The list of cases by keyboard: it saves steps, and everything can be done without it.
"use strict";
(() => {
  const table = document.querySelector("table[data-keys]");
  if (!table) return;
  const rows = [...table.querySelectorAll("tbody tr")];
  const hints = document.querySelector("[data-hints]"), box = hints?.querySelector("input");
  let here = -1;

  // single keys can be switched off: they get into the way of who speaks to the machine (WCAG 2.1.4)
  if (box) {
    hints.hidden = false;
    box.checked = localStorage.getItem("ward-keys") !== "off";
    box.addEventListener("change", () => localStorage.setItem("ward-keys", box.checked ? "on" : "off"));
  }

  const stand = (i, focus) => {
    here = Math.max(0, Math.min(i, rows.length - 1));
    rows.forEach((r, at) => r.classList.toggle("here", at === here));
    if (focus) rows[here].querySelector("th a").focus();
  };

  const keys = {j: () => stand(here + 1, true), k: () => stand(here - 1, true), o: () => here >= 0 && rows[here].querySelector("th a").click()};

  // a keyboard that writes another script names the key by its place
  const letter = (e) => /^[\x20-\x7e]$/.test(e.key) ? e.key : e.code.startsWith("Key") ? e.code[3].toLowerCase() : "";

  document.addEventListener("keydown", (e) => {
    if (!box?.checked || e.ctrlKey || e.altKey || e.metaKey || e.isComposing || e.target.matches("textarea,select,input:not([type=checkbox])")) return;
    const act = keys[letter(e)];
    if (!act) return;
    e.preventDefault();
    act();
  });
  rows.forEach((r, i) => r.addEventListener("focusin", () => stand(i, false)));
})();
