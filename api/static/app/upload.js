// A file is uploaded by its digest first, then named by the form: a form that is not taken loses no file.
"use strict";
(function () {
  const form = document.querySelector("[data-upload]");
  if (!form || !window.crypto || !crypto.subtle) return;
  const file = form.querySelector("input[type=file]"), state = form.querySelector("[data-state]");
  form.querySelector("[data-script]").hidden = false;
  file.addEventListener("change", async () => {
    const one = file.files[0];
    if (!one) return;
    state.textContent = one.name + " …";
    try {
      const hash = await crypto.subtle.digest("SHA-256", await one.arrayBuffer());
      const sha256 = [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
      const answer = await fetch("/api/v1/blobs/" + sha256, { method: "PUT", body: one, headers: { "Content-Type": one.type || "application/octet-stream", "X-Anjuan-Csrf": form.elements._csrf.value } });
      if (!answer.ok) { state.textContent = (await answer.json()).title; file.value = ""; return; }
      Object.assign(form.elements.sha256, { value: sha256 });
      form.elements.media_type.value = one.type || "application/octet-stream";
      form.elements.size.value = one.size;
      form.elements.title.value = one.name;
      form.submit();
    } catch { state.textContent = "✕"; file.value = ""; }
  });
})();
