// Passkeys: asks the device, and sends its answer. Pages work without it: passphrase and code are there.
"use strict";
(() => {
  const place = document.querySelector("[data-passkey]");
  const able = window.PublicKeyCredential && PublicKeyCredential.parseCreationOptionsFromJSON && PublicKeyCredential.parseRequestOptionsFromJSON;
  if (!place || !able) return;
  place.hidden = false;
  const problem = place.querySelector("[role=alert]");
  const send = async (address, body) => {
    const answer = await fetch(address, {method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify(body)});
    if (!answer.ok) throw new Error("refused");
    return answer.json();
  };
  const ask = async () => {
    const adding = place.dataset.passkey === "add";
    const begun = await send(place.dataset.begin, {});
    if (begun.next) return begun.next; // a proof is asked for first
    const key = begun.options.publicKey;
    const credential = adding
      ? await navigator.credentials.create({publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(key)})
      : await navigator.credentials.get({publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(key)});
    const label = place.querySelector("[name=label]");
    const done = await send(place.dataset.finish, {ceremony: begun.ceremony, answer: credential.toJSON(), label: label ? label.value.trim() : "",
      again: place.dataset.passkey === "again", next: place.dataset.next});
    return done.next;
  };
  place.querySelector("button").addEventListener("click", async () => {
    problem.hidden = true;
    try {
      location.assign(await ask());
    } catch {
      problem.hidden = false;
      problem.focus();
    }
  });
})();
