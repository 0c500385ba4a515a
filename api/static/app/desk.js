// The clerk's desk: earlier requests of a number, and a draft that survives a reload. Without it the form works the same.
"use strict";
(function () {
  const form = document.getElementById("quick");
  if (!form) return;
  const shown = document.getElementById("earlier");

  // --- earlier requests of the same number: posted, because a number in an address stands in every log on the way
  const phone = form.querySelector("[data-earlier]");
  let asked = "";
  const digits = (text) => text.normalize("NFKC").replace(/[ \-()]/g, "");
  const ask = async () => {
    const number = digits(phone.value);
    if (number === asked) return;
    asked = number;
    shown.replaceChildren();
    if (!/^\d{7,20}$/.test(number)) return;
    const body = new URLSearchParams({ _csrf: form.elements._csrf.value, "visitor.phone": number });
    try {
      const answer = await fetch(phone.dataset.earlier, { method: "POST", body, headers: { Accept: "text/html" } });
      if (!answer.ok || number !== asked) return;
      const parsed = new DOMParser().parseFromString(await answer.text(), "text/html");
      shown.replaceChildren(...parsed.body.children);
      form.elements._asked.value = "1";
      const linked = shown.dataset.linked && shown.querySelector("input[value='" + CSS.escape(shown.dataset.linked) + "']");
      if (linked) linked.checked = true;
    } catch { /* offline: the number is compared when the form arrives */ }
  };
  phone.addEventListener("change", ask);
  phone.addEventListener("input", () => { if (/^1\d{10}$/.test(digits(phone.value))) ask(); });
  if (phone.value) ask(); // the form came back with what was typed

  // --- a draft, sealed with a key that only this account's pages carry; it ends with the tab
  const NAMES = ["service", "subject", "visitor.name", "visitor.phone", "client_category", "outcome", "answer", "minutes", "channel", "window", "adviser", "_occurred_at", "_late_reason", "_key"];
  const place = "draft:" + form.dataset.account, subtle = window.crypto && crypto.subtle, note = document.querySelector("[data-draft]");
  const bytes = (text) => new TextEncoder().encode(text);
  const key = subtle ? subtle.digest("SHA-256", bytes(form.dataset.draftKey)).then((raw) => subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"])) : null;
  const forget = () => { try { sessionStorage.removeItem(place); } catch { /* no storage, no draft */ } };
  const values = () => Object.fromEntries(NAMES.filter((name) => form.elements[name]).map((name) => [name, form.elements[name].value]));
  const typed = (found) => ["subject", "visitor.name", "visitor.phone", "answer"].some((name) => found[name]);
  const keep = async () => {
    const found = values();
    if (!key) return;
    if (!typed(found)) { forget(); note.hidden = true; return; }
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const box = new Uint8Array(await subtle.encrypt({ name: "AES-GCM", iv }, await key, bytes(JSON.stringify(found))));
    try { sessionStorage.setItem(place, btoa(String.fromCharCode(...iv, ...box))); note.hidden = false; } catch { /* full or switched off */ }
  };
  const restore = async () => {
    let sealed = null;
    try { sealed = sessionStorage.getItem(place); } catch { return; }
    if (!sealed || !key) return;
    try {
      const raw = Uint8Array.from(atob(sealed), (one) => one.charCodeAt(0));
      const found = JSON.parse(new TextDecoder().decode(await subtle.decrypt({ name: "AES-GCM", iv: raw.slice(0, 12) }, await key, raw.slice(12))));
      if (typed(values())) return; // the page came back with what was typed
      for (const [name, value] of Object.entries(found)) if (form.elements[name]) form.elements[name].value = value;
      note.hidden = false;
    } catch { forget(); } // of another key: nobody can open it
  };
  let waits = 0;
  form.addEventListener("input", () => { clearTimeout(waits); waits = setTimeout(keep, 300); });
  form.addEventListener("change", () => { clearTimeout(waits); waits = setTimeout(keep, 300); });
  document.querySelector("[data-clear]").addEventListener("click", forget);
  window.addEventListener("pagehide", () => clearTimeout(waits));
  if (document.querySelector("[data-logged]")) forget(); else restore();

  // --- one press, one form: a second Enter while the first is under way does nothing
  let sent = false;
  form.addEventListener("submit", (event) => { if (sent) event.preventDefault(); sent = true; });
  window.addEventListener("pageshow", (event) => { if (event.persisted) sent = false; });
})();
