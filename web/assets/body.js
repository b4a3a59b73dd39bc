// Marking a finding on a drawing, and keeping a section's draft. Pages work without it: a part of the body and two figures say the same place.
// It sets attributes and text; it never reads markup.
"use strict";
(() => {
  const most = 1000;

  const say = (pattern, ...words) => words.reduce((text, word, i) => text.replace(`{${i}}`, word), pattern);

  // marking makes a drawing take marks: by mouse, pen or finger where one presses and lifts on one spot, by keyboard with a cross.
  const marking = (pad) => {
    const form = pad.closest("form");
    const svg = pad.querySelector("svg");
    const own = svg.querySelector("[data-mark]");
    const cross = svg.querySelector("[data-cross]");
    const region = form.querySelector("select[data-region]");
    const fieldX = form.querySelector("input[data-x]");
    const fieldY = form.querySelector("input[data-y]");
    const status = form.querySelector("[data-status]");
    const box = svg.viewBox.baseVal;
    const near = Array.from(region.options).filter((o) => o.dataset.x);
    let at = { x: most / 2, y: most / 2 };

    const nearest = (x, y) => near.reduce((best, o) => {
      const far = Math.hypot((o.dataset.x - x) * box.width, (o.dataset.y - y) * box.height);
      return !best || far < best.far ? { far, option: o } : best;
    }, null);

    const place = (x, y) => {
      const found = nearest(x, y);
      return say(pad.dataset.at, found ? found.option.textContent : "", String(x), String(y));
    };

    const show = () => {
      const x = Number.parseInt(fieldX.value, 10);
      const y = Number.parseInt(fieldY.value, 10);
      const is = Number.isFinite(x) && Number.isFinite(y);
      own.toggleAttribute("hidden", !is);
      if (!is) return;
      own.setAttribute("cx", String((x * box.width) / most));
      own.setAttribute("cy", String((y * box.height) / most));
      at = { x, y };
    };

    const aim = () => {
      cross.removeAttribute("hidden");
      cross.setAttribute("transform", `translate(${(at.x * box.width) / most} ${(at.y * box.height) / most})`);
      status.textContent = place(at.x, at.y);
    };

    const mark = (x, y) => {
      fieldX.value = String(x);
      fieldY.value = String(y);
      const found = nearest(x, y);
      if (found) region.value = found.option.value;
      show();
      status.textContent = say(pad.dataset.said, place(x, y));
    };

    const bound = (n) => Math.min(most, Math.max(0, Math.round(n)));
    const under = (e) => {
      const r = svg.getBoundingClientRect();
      return { x: bound(((e.clientX - r.left) / r.width) * most), y: bound(((e.clientY - r.top) / r.height) * most) };
    };

    let pressed = null;
    pad.addEventListener("pointerdown", (e) => {
      if (e.isPrimary && e.button === 0) pressed = { x: e.clientX, y: e.clientY };
    });
    pad.addEventListener("pointercancel", () => { pressed = null; });
    pad.addEventListener("pointerup", (e) => {
      const still = pressed && Math.hypot(e.clientX - pressed.x, e.clientY - pressed.y) < 10;
      pressed = null;
      if (!still) return;
      const { x, y } = under(e);
      cross.setAttribute("hidden", "");
      mark(x, y);
    });

    const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    pad.addEventListener("keydown", (e) => {
      if (e.altKey || e.ctrlKey || e.metaKey) return;
      const way = ways[e.key];
      if (way) {
        const step = e.shiftKey ? 1 : 10;
        at = { x: bound(at.x + way[0] * step), y: bound(at.y + way[1] * step) };
        aim();
      } else if (e.key === "Enter" || e.key === " ") {
        mark(at.x, at.y);
      } else {
        return;
      }
      e.preventDefault();
    });
    pad.addEventListener("focus", aim);
    pad.addEventListener("blur", () => cross.setAttribute("hidden", ""));

    region.addEventListener("change", () => {
      const o = region.selectedOptions[0];
      if (!o || !o.dataset.x) return;
      fieldX.value = o.dataset.x;
      fieldY.value = o.dataset.y;
      show();
    });
    for (const field of [fieldX, fieldY]) field.addEventListener("input", show);
    pad.tabIndex = 0;
    pad.setAttribute("role", "application");
    pad.classList.add("live");
    show();
  };
  for (const pad of document.querySelectorAll("[data-body]")) marking(pad);

  for (const choice of document.querySelectorAll("select[data-go]")) {
    const form = choice.form;
    const marked = document.querySelector("form.marking");
    let typed = false;
    if (marked) marked.addEventListener("input", () => { typed = true; });
    choice.addEventListener("change", () => { if (!typed) form.submit(); });
  }

  const form = document.querySelector("form[data-draft]");
  if (!form) return;
  const status = form.querySelector(".status");
  let dirty = false;
  form.addEventListener("input", () => { dirty = true; });
  form.addEventListener("submit", () => { dirty = false; });
  setInterval(() => {
    if (!dirty) return;
    dirty = false;
    const body = new URLSearchParams(new FormData(form));
    body.set("where", form.dataset.where);
    fetch(form.dataset.draft, { method: "POST", body, credentials: "same-origin" })
      .then((r) => (r.ok ? r.json() : Promise.reject(new Error("refused"))))
      .then(() => { status.textContent = form.dataset.kept; })
      .catch(() => { dirty = true; status.textContent = form.dataset.unkept; });
  }, 5000);
})();
