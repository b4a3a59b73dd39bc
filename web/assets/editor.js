// The editor of an incident. It saves steps and is never needed: it keeps what is typed as a draft, shows at which field a colleague is,
// and narrows the list of codes while one types. It builds nodes and writes text; it never reads markup from an answer.
"use strict";
(() => {
  const page = document.querySelector("[data-editor]");
  if (!page) return;
  const status = page.querySelector(".status");
  const every = 5000;
  let dirty = null;
  let at = "";

  const tell = (form, what) => {
    const body = form ? new URLSearchParams(new FormData(form)) : new URLSearchParams();
    body.set("do", what);
    body.set("at", at);
    return fetch(page.dataset.editor, { method: "POST", body, credentials: "same-origin" })
      .then((r) => (r.ok ? r.json() : Promise.reject(new Error("refused"))));
  };

  const others = (list) => {
    for (const row of page.querySelectorAll("[data-row]")) {
      const here = list.filter((o) => o.field === row.dataset.row).map((o) => page.dataset.at.replace("{name}", o.name));
      const place = row.querySelector(".presence");
      if (place && place.textContent.trim() !== here.join(" ")) place.textContent = here.join(" ");
    }
  };

  const beat = () => {
    const form = dirty;
    dirty = null;
    tell(form, form ? "keep" : "at").then((answer) => {
      others(answer.others || []);
      if (form && status) status.textContent = page.dataset.kept;
    }).catch(() => {
      if (form) dirty = dirty || form;
      if (form && status) status.textContent = page.dataset.unkept;
    });
  };

  page.addEventListener("input", (e) => {
    const form = e.target.closest("form");
    if (form && !form.classList.contains("draft") && e.target.name !== "find") dirty = form;
  });
  page.addEventListener("submit", () => { dirty = null; });
  page.addEventListener("focusin", (e) => {
    const row = e.target.closest("[data-row]");
    const now = row ? row.dataset.row : "";
    if (now === at) return;
    at = now;
    beat();
  });

  const narrow = (picker, words) => {
    for (const group of picker.querySelectorAll(".group")) {
      let left = 0;
      for (const choice of group.querySelectorAll(".choice")) {
        const said = choice.textContent.toLocaleLowerCase();
        const on = choice.querySelector("input").checked || words.every((w) => said.includes(w));
        choice.hidden = !on;
        if (on) left++;
      }
      group.hidden = left === 0;
    }
  };
  for (const find of page.querySelectorAll("[data-picker] input[type=search]")) {
    const picker = find.closest("[data-picker]");
    find.addEventListener("input", () => narrow(picker, find.value.toLocaleLowerCase().split(/\s+/).filter(Boolean)));
    find.addEventListener("keydown", (e) => {
      if (e.key !== "Enter") return;
      e.preventDefault();
      const first = picker.querySelector(".choice:not([hidden]) input:not(:checked)");
      if (first) first.focus();
    });
  }
  let beats = 0;
  setInterval(() => {
    beats++;
    if (dirty || !document.hidden && beats % 4 === 0) beat(); // a presence lasts a minute
  }, every);
})();
