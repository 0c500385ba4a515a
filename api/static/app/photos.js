// Photographs of a work log: each is named in the log, then uploaded, on its own. What fails says so and may be tried again; the log is there already.
"use strict";
(function () {
  const form = document.querySelector("[data-photos]");
  if (!form || !window.crypto || !crypto.subtle) return;
  const log = form.dataset.photos, csrf = form.elements._csrf.value, list = form.querySelector(".sent"), file = form.querySelector("input[type=file]");
  form.querySelector("[data-script]").hidden = false;

  const why = (page) => {
    const told = new DOMParser().parseFromString(page, "text/html").querySelector(".errsum");
    return told ? told.textContent.trim() : "";
  };
  const send = async (one, said) => {
    said.textContent = form.dataset.sending;
    const type = one.type || "application/octet-stream";
    try {
      const hash = await crypto.subtle.digest("SHA-256", await one.arrayBuffer());
      const sha256 = [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
      const body = new URLSearchParams({ _csrf: csrf, "evidence.sha256": sha256, "evidence.media_type": type, "evidence.size": one.size });
      // A redirect is the answer of a form that was taken; what it leads to is not needed here.
      const named = await fetch(form.action, { method: "POST", body, redirect: "manual", headers: { Accept: "text/html" } });
      if (named.type !== "opaqueredirect") throw new Error(why(await named.text()));
      const stored = await fetch("/api/v1/blobs/" + sha256 + "?worklog=" + log, { method: "PUT", body: one, headers: { "Content-Type": type, "X-Anjuan-Csrf": csrf } });
      if (!stored.ok) throw new Error((await stored.json()).title);
      said.textContent = form.dataset.there;
      said.className = "ok";
    } catch (error) {
      const again = document.createElement("button");
      again.type = "button";
      again.className = "btn btn-link";
      again.textContent = "↻";
      again.setAttribute("aria-label", one.name);
      again.addEventListener("click", () => send(one, said));
      said.textContent = form.dataset.failed + " " + error.message + " ";
      said.className = "warn";
      said.append(again);
    }
  };

  file.addEventListener("change", async () => {
    const chosen = [...file.files].map((one) => {
      const line = document.createElement("li"), said = document.createElement("span");
      said.textContent = form.dataset.waiting;
      line.append(one.name + " ", said);
      list.append(line);
      return [one, said];
    });
    file.value = "";
    for (const [one, said] of chosen) await send(one, said); // one after another: a phone has one line
  });
})();
