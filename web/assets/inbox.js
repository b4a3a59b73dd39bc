// The inbox by keyboard: it saves steps, and everything can be done without it.
"use strict";
(() => {
  const lang = document.documentElement.lang;

  // a report's page says now and then that it is still open
  for (const part of document.querySelectorAll("[data-beat]")) {
    setInterval(() => {
      if (!document.hidden) fetch(part.dataset.beat, {method: "POST", body: new URLSearchParams({report: part.dataset.report})});
    }, 30000);
  }

  // of the fields of a move only those that it asks for are shown
  for (const select of document.querySelectorAll("select[name=move]")) {
    const fields = select.form.querySelectorAll("[data-field]");
    const show = () => {
      const asks = (select.selectedOptions[0]?.dataset.asks ?? "").split(" ");
      for (const f of fields) f.hidden = !asks.includes(f.dataset.field);
    };
    select.addEventListener("change", show);
    show();
  }

  const form = document.getElementById("inbox");
  if (!form) return;
  const rows = [...form.querySelectorAll("tbody tr")];
  const move = form.elements.namedItem("move");
  const said = document.getElementById("chosen");
  const boxes = rows.map((r) => r.querySelector("input[type=checkbox]"));
  let here = Math.min(Number(form.dataset.start), rows.length - 1);

  const say = () => {
    if (!said) return;
    const n = boxes.filter((b) => b?.checked).length;
    said.textContent = n ? form.dataset.chosen.replace("#", n.toLocaleString(lang)) : form.dataset.nothing;
  };

  const stand = (i, focus) => {
    here = Math.max(0, Math.min(i, rows.length - 1));
    rows.forEach((r, at) => r.classList.toggle("here", at === here));
    if (form.elements.namedItem("at")) form.elements.namedItem("at").value = here;
    if (focus) rows[here].querySelector("th a").focus();
  };

  const pick = (i) => {
    if (!boxes[i]) return;
    boxes[i].checked = !boxes[i].checked;
    say();
  };

  // make begins a move with the ticked rows, or with the one at which one stands; what it asks for is typed, Enter sends it
  const make = (option) => {
    if (!boxes.some((b) => b?.checked)) pick(here);
    move.value = option.value;
    move.dispatchEvent(new Event("change"));
    const asked = option.dataset.asks.split(" ")[0];
    if (!asked) return form.requestSubmit();
    form.querySelector(`[data-field="${asked}"]`).querySelector("input,select").focus();
  };

  const keys = {
    j: () => stand(here + 1, true), k: () => stand(here - 1, true), x: () => pick(here), o: () => rows[here].querySelector("th a").click(),
    u: () => document.getElementById("undo")?.requestSubmit(), "?": () => document.querySelector("#inbox .hints").focus(),
    X: () => { const all = boxes.every((b) => b?.checked); boxes.forEach((b) => { if (b) b.checked = !all; }); say(); },
  };
  if (move) for (const o of move.options) if (o.dataset.key) keys[o.dataset.key] = () => make(o);

  // single keys can be switched off: they get into the way of who speaks to the machine (WCAG 2.1.4)
  const hints = document.querySelector("#inbox .hints");
  let on = true;
  if (hints) {
    hints.tabIndex = -1;
    const label = document.createElement("label"), box = document.createElement("input");
    box.type = "checkbox";
    on = box.checked = localStorage.getItem("ward-keys") !== "off";
    box.addEventListener("change", () => { on = box.checked; localStorage.setItem("ward-keys", on ? "on" : "off"); });
    label.append(box, " ", form.dataset.keysOn);
    hints.append(label);
  }

  // a keyboard that writes another script names the key by its place
  const letter = (e) => /^[\x20-\x7e]$/.test(e.key) ? e.key : e.code === "Slash" && e.shiftKey ? "?" : e.code.startsWith("Key") ? (e.shiftKey ? e.code[3] : e.code[3].toLowerCase()) : "";
  const typing = (el) => el.matches("textarea,select,input:not([type=checkbox])") || el.isContentEditable;

  document.addEventListener("keydown", (e) => {
    if (e.key === "Escape" && form.contains(e.target) && typing(e.target)) {
      stand(here, true);
      return;
    }
    if (!on || e.ctrlKey || e.altKey || e.metaKey || e.isComposing || typing(e.target)) return;
    const act = keys[letter(e)];
    if (!act) return;
    e.preventDefault();
    act();
  });
  form.addEventListener("change", say);
  rows.forEach((r, i) => r.addEventListener("focusin", () => stand(i, false)));
  form.classList.add("live");
  stand(here, location.search.includes("at=") || location.hash === "#inbox");
})();
