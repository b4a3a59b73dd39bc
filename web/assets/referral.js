// The builder of a package: it counts words while one types and shows what the ticks of now would make. Without it, a button shows the same.
// It builds nodes and writes text; it never reads markup from an answer.
"use strict";
(() => {
  const form = document.querySelector("form[data-live]");
  if (!form) return;
  const lang = document.documentElement.lang;
  const preview = document.getElementById("preview");
  const note = document.getElementById("preview-note");
  const problems = document.getElementById("preview-problems");

  const words = (s) => (s.trim().match(/\S+/gu) || []).length;
  const count = (field) => {
    const said = field.parentElement.querySelector(".count");
    if (!said) return;
    const n = words(field.value), most = Number(field.dataset.most || 0);
    said.textContent = (most ? form.dataset.most.replace("#2", most.toLocaleString(lang)) : form.dataset.words).replace("#", n.toLocaleString(lang));
    said.classList.toggle("over", most > 0 && n > most);
  };

  const line = (name, kind, text) => {
    const e = document.createElement(name);
    if (kind) e.className = kind;
    e.dir = "auto";
    e.textContent = text;
    return e;
  };

  const show = (answer) => {
    preview.replaceChildren(...(answer.lines || []).map((l) => line("p", l.kind || "text", l.text)));
    problems.replaceChildren(...(answer.problems || []).map((p) => line("li", "", p)));
    problems.hidden = problems.childElementCount === 0;
    note.textContent = answer.count + " · " + form.dataset.unkept;
  };

  let asked = 0, timer = 0;
  const ask = () => {
    const mine = ++asked;
    const body = new URLSearchParams(new FormData(form));
    body.set("do", "preview");
    fetch(form.dataset.live, {method: "POST", body, credentials: "same-origin", headers: {Accept: "application/json"}})
      .then((r) => (r.ok ? r.json() : Promise.reject(new Error("refused"))))
      .then((answer) => { if (mine === asked) show(answer); })
      .catch(() => { if (mine === asked) note.textContent = form.dataset.failed; });
  };

  form.addEventListener("input", (e) => {
    if (e.target.matches("textarea,input[name^='value.']")) count(e.target);
    clearTimeout(timer);
    timer = setTimeout(ask, 400);
  });
})();
