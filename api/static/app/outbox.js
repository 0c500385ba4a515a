// The outbox: what a form says is written to this computer first, then sent. It leaves the list only when the server has answered where it stands.
// One record is one form that was pressed: its id is drawn once, is the key of every try and the id of what the form makes, and never changes. It is
// sealed with a key of the account, which the server hands out to its session and which is forgotten at signing out: another user of the same computer
// can neither read nor send it. Photographs wait in a queue of their own, and hold up nothing.
"use strict";
(function () {
  const form = document.querySelector("[data-outbox]"), list = document.querySelector("[data-outbox-list]"), panel = document.getElementById("outbox");
  if (!form || !list || !window.indexedDB || !window.isSecureContext || !navigator.serviceWorker) return; // then the form is posted as any other form
  const zh = document.documentElement.lang.startsWith("zh"), say = (a, b) => (zh ? a : b);
  const LABEL = { waiting: say("等待发送", "Waiting"), refused: say("未受理", "Refused"), "needs-you": say("需要你处理", "Needs you"), sent: say("已发送", "Sent") };
  const KIND = { waiting: "", refused: "warn", "needs-you": "bad", sent: "ok" }, FIRST = ["needs-you", "refused", "waiting"];
  const SENT_SHOWN = 5, TRY_MS = 30000, ANSWER_MS = 15000, PHOTO_MS = 120000, WARN_FROM = 50;
  const path = form.getAttribute("action"), words = (name) => (form.dataset[name] || "").split(" ");
  let me = null; // {account, key, csrf, point, offset}: who is signed in here, as far as known

  // --- storage
  const db = new Promise((done, fail) => {
    const open = indexedDB.open("anjuan", 2);
    open.onupgradeneeded = () => {
      const there = open.result.objectStoreNames;
      for (const name of ["outbox", "photos"]) if (!there.contains(name)) open.result.createObjectStore(name, { keyPath: "id" }).createIndex("owner", "owner");
      if (!there.contains("me")) open.result.createObjectStore("me", { keyPath: "k" });
    };
    open.onsuccess = () => { open.result.onversionchange = () => open.result.close(); done(open.result); };
    open.onerror = () => fail(open.error); open.onblocked = () => fail(new Error("blocked"));
  });
  const run = async (store, mode, work) => {
    const within = (await db).transaction(store, mode, { durability: "strict" }), asked = work(within.objectStore(store)); // on the disk before it counts as written
    return new Promise((done, fail) => { within.oncomplete = () => done(asked && asked.result); within.onerror = within.onabort = () => fail(within.error); });
  };
  const put = (item, store = "outbox") => run(store, "readwrite", (within) => within.put(item));
  const drop = (id, store = "outbox") => run(store, "readwrite", (within) => within.delete(id));
  const all = async (store) => run(store, "readonly", (within) => within.getAll());
  const mine = async (store = "outbox") => (me ? await run(store, "readonly", (within) => within.index("owner").getAll(me.account)) : []).sort((a, b) => (a.pressed < b.pressed ? -1 : 1));
  const others = async () => (await all("outbox")).filter((one) => one.state !== "sent" && (!me || one.owner !== me.account));

  // --- who is signed in: from the server; where it cannot be reached, what was known last
  async function whoami() {
    try {
      const began = Date.now(), answer = await fetch("/outbox", { cache: "no-store", headers: { Accept: "application/json" } });
      if (answer.status === 401) { await forget(); return "signed-out"; }
      if (!answer.ok) throw new Error(String(answer.status));
      const told = await answer.json(), raw = Uint8Array.from(atob(told.key), (one) => one.charCodeAt(0));
      const key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
      const offset = Math.round(new Date(told.now).getTime() - (began + Date.now()) / 2); // the server's clock less this one's
      me = { k: "me", account: told.account, csrf: told.csrf, point: told.point, key, offset };
      await put(me, "me");
      return "online";
    } catch {
      me = (await run("me", "readonly", (store) => store.get("me"))) || null;
      return "offline";
    }
  }
  async function forget() { me = null; await drop("me", "me"); } // the key goes, the sealed records stay
  const bytes = (text) => new TextEncoder().encode(text);
  async function seal(what) {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    return { iv, box: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, me.key, what) };
  }
  const unsealed = (item) => crypto.subtle.decrypt({ name: "AES-GCM", iv: item.iv }, me.key, item.box);
  const unseal = async (item) => JSON.parse(new TextDecoder().decode(await unsealed(item)));
  const drawn = (item, more) => ({ owner: me.account, pressed: new Date(Date.now() + me.offset).toISOString(), state: "waiting", ...item, ...more });

  // --- parts of a form that are its writer's, such as his villages: sealed while there is a network, shown where there is none
  async function keep() {
    for (const one of document.querySelectorAll("[data-keep]")) {
      const k = ["kept", me.account, path, one.dataset.keep].join(" ");
      if (!("shell" in form.dataset)) await put({ k, ...(await seal(bytes(one.innerHTML))) }, "me");
      else if (!one.children.length) {
        const kept = await run("me", "readonly", (store) => store.get(k));
        if (kept) one.replaceChildren(...new DOMParser().parseFromString(new TextDecoder().decode(await unsealed(kept)), "text/html").body.childNodes);
      }
    }
    for (const one of form.querySelectorAll("[data-point]")) one.value = me.point;
  }

  // --- sending: one after the other, over all tabs
  const alone = (work, name = "anjuan-outbox") => (navigator.locks ? navigator.locks.request(name, work) : work());
  async function drain() {
    if (!me) return;
    await alone(async () => {
      for (const item of await mine()) {
        if (item.state === "refused" || item.state === "sent") continue;
        const before = item.after && (await run("outbox", "readonly", (store) => store.get(item.after)));
        if (before && before.state !== "sent") continue; // a step of what is not there yet
        const { state } = await send(item);
        await show();
        if (state === "waiting" || state === "needs-you") break; // one that is refused holds up no other
      }
    });
    await alone(async () => {
      for (const photo of await mine("photos")) {
        if (photo.state === "refused" || photo.state === "sent") continue;
        const log = await run("outbox", "readonly", (store) => store.get(photo.log));
        if (photo.form && (!log || log.state !== "sent")) continue; // its log is not there yet
        const { state } = await sendPhoto(photo);
        await show();
        if (state === "waiting" || state === "needs-you") break;
      }
    }, "anjuan-photos");
  }
  // Returns what came of it: its state, and what the server said.
  async function ask(where, how, ours, wait_ms) {
    let answer;
    try {
      answer = await fetch(where, { ...how, cache: "no-store", headers: { Accept: "application/json", "X-Account": me.account, ...how.headers }, signal: AbortSignal.timeout ? AbortSignal.timeout(wait_ms) : undefined });
    } catch { return { state: "waiting" }; } // no answer: it may have arrived; the same key goes again
    if (answer.status === 401 || answer.status === 403) return { state: "needs-you", why: say("登录已过期。重新登录后自动继续，内容未丢失", "Session ended. It goes on after you sign in") };
    if (answer.status >= 500 || answer.status === 429 || answer.status === 408) return { state: "waiting" };
    const told = await answer.json().catch(() => null);
    if (!told || (answer.ok && !ours(told))) return { state: "waiting" }; // not our server: a network's own sign-in page answers 200
    if (answer.ok) return { state: "sent", told };
    return { state: "refused", code: told.code || "", why: told.why || told.title || say("没有受理", "Refused") };
  }
  const post = (where, key, pairs) => ask(where, { method: "POST", body: new URLSearchParams([...pairs, ["_key", key], ["_csrf", me.csrf]]) }, (told) => told.next, ANSWER_MS);
  async function send(item) {
    const now = await run("outbox", "readonly", (store) => store.get(item.id));
    if (now && now.state === "sent") return { state: "sent", told: now }; // another tab was quicker
    const pairs = [...(await unseal(item)).body, ["_id", item.id], ["_pressed_at", item.pressed]];
    if (item.late_reason) pairs.push(["_late_reason", item.late_reason]);
    const done = await post(item.path, item.id, pairs), { id, owner, pressed, label } = item;
    if (done.state !== "sent") await put({ ...item, state: done.state, code: done.code, why: done.why, tries: (item.tries || 0) + 1 });
    else await put({ id, owner, pressed, label, state: "sent", next: done.told.next, page: done.told.page, named: done.told.named, why: done.told.why || "" }); // the sealed content is dropped
    return done;
  }
  // It is named in the log, then uploaded: what was broken off goes on under the same key.
  async function sendPhoto(photo) {
    const content = await unsealed(photo), hash = await crypto.subtle.digest("SHA-256", content);
    const sha256 = [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    const pairs = [["evidence.sha256", sha256], ["evidence.media_type", photo.type], ["evidence.size", String(content.byteLength)]];
    let done = await post("/worklogs/" + photo.log + "/attach-evidence", photo.id, pairs);
    if (done.state === "sent") done = await ask("/api/v1/blobs/" + sha256 + "?worklog=" + photo.log, { method: "PUT", body: content, headers: { "Content-Type": photo.type, "X-Anjuan-Csrf": me.csrf } }, (told) => told.sha256 === sha256, PHOTO_MS);
    const { id, owner, pressed, label, log } = photo;
    await put(done.state === "sent" ? { id, owner, pressed, label, log, state: "sent", page: "/worklogs/" + log } : { ...photo, state: done.state, why: done.why }, "photos");
    return done;
  }

  // --- what the person sees: what asks for something first; of the sent the newest
  const element = (name, kind, ...kids) => { const made = document.createElement(name); if (kind) made.className = kind; made.append(...kids); return made; };
  const button = (text, work) => { const made = element("button", "btn btn-link p-0 s", text); made.type = "button"; made.addEventListener("click", work); return made; };
  const link = (text, where) => { const made = element("a", "ul tn", text); made.href = where; return made; };
  const again = async () => { await show(); await drain(); await show(); };
  const signIn = () => link(say("登录", "Sign in"), "/sign-in?next=" + encodeURIComponent(location.pathname));
  async function row(item, open, store) {
    const told = item.box && store === "outbox" ? await unseal(item).catch(() => null) : null;
    const name = element("span", "text-truncate", item.label + (told && told.title ? say("，", ", ") + told.title : ""));
    const made = element("li", "", element("span", "", element("span", "tag" + (KIND[item.state] ? " tag-" + KIND[item.state] : ""), LABEL[item.state])), name, element("span", "s tn", new Date(item.pressed).toTimeString().slice(0, 5)));
    made.dataset.state = item.state; made.dataset.of = store;
    if (item.state === "sent") name.append(" ", link(item.named || say("查看", "Look"), item.page || item.next));
    const why = element("span", "why s", item.why ? item.why + " " : "");
    if (item.state === "needs-you") why.append(signIn());
    if (item.state === "refused" && store === "photos") why.append(button(say("再试", "Try again"), async () => { await put({ ...item, state: "waiting", why: "" }, store); await again(); }), " ");
    else if (item.state === "refused" && item.code.startsWith("late-")) why.append(button(say("补原因：断网期间登记", "Add the reason: logged offline"), async () => { await put({ ...item, state: "waiting", why: "", late_reason: say("断网期间登记，联网后发送", "Logged offline, sent later") }); await again(); }));
    else if (item.state === "refused" && told && item.path === path) why.append(button(say("放回表单修改", "Put back into the form"), async () => { fill(told.body); form.elements._key.value = item.id; await drop(item.id); await show(); form.querySelector("[name='" + form.dataset.title + "']").focus(); }));
    else if (item.state === "refused") why.append(link(say("到那一页办", "Do it on its page"), item.path), " ");
    if (store === "photos" ? item.state !== "sent" : item.after && item.state === "refused") why.append(button(say("不要了", "Discard"), async () => { await drop(item.id, store); await show(); }));
    if (item.state === "waiting" && told) step(item, told, open, why);
    if (why.childNodes.length > 1 || item.why) made.append(why);
    return made;
  }
  // What may be done with it before it is sent: written down now, sent after it.
  function step(item, told, open, why) {
    const offered = document.querySelector("template[data-step]"), said = Object.fromEntries(told.body);
    if (!offered || item.path !== path || said[offered.dataset.when] !== offered.dataset.is || open.some((one) => one.after === item.id)) return;
    why.append(button(offered.dataset.say, (event) => {
      const asked = offered.content.firstElementChild.cloneNode(true);
      event.target.replaceWith(asked);
      asked.elements[0].focus();
      asked.addEventListener("submit", async (pressed) => {
        pressed.preventDefault();
        asked.remove();
        const body = [...new FormData(asked), ...offered.dataset.copies.split(" ").filter((name) => said[name]).map((name) => [name, said[name]])];
        await put(drawn({ id: crypto.randomUUID(), after: item.id, path: offered.dataset.step.replace("@", item.id), label: offered.dataset.say }, await seal(bytes(JSON.stringify({ title: told.title, body })))));
        await again();
      });
    }));
  }
  async function show() {
    const [items, photos, rest] = [await mine(), await mine("photos"), await others()];
    const rows = [...items.map((one) => [one, "outbox"]), ...photos.map((one) => [one, "photos"])];
    const open = rows.filter(([one]) => one.state !== "sent").sort(([a], [b]) => FIRST.indexOf(a.state) - FIRST.indexOf(b.state));
    const sent = rows.filter(([one]) => one.state === "sent").sort(([a], [b]) => (a.pressed < b.pressed ? 1 : -1)).slice(0, SENT_SHOWN);
    const writing = list.contains(document.activeElement) && document.activeElement.form; // a step that is being written is not taken from under its writer
    if (!writing) list.replaceChildren(...(await Promise.all([...open, ...sent].map(([one, store]) => row(one, items, store)))));
    else return;
    if (open.length >= WARN_FROM) list.prepend(element("li", "", element("span", "why s", say("积压很多，请尽快联网", "Many are waiting: go online soon"))));
    if (rest.length && me) list.append(element("li", "", element("span", "why s", say(`本机还有别人没发出的 ${rest.length} 条，由本人登录后发送`, `${rest.length} unsent of another user, sent when that person signs in`))));
    if (rest.length && !me) list.append(element("li", "", element("span", "why s", say(`本机有 ${rest.length} 条没发出，由写的人登录后发送 `, `${rest.length} unsent here, sent when whoever wrote them signs in `), signIn())));
    panel.hidden = !list.children.length && panel.dataset.net === "online";
    if (!list.children.length) list.append(element("li", "", element("span", "why s", say("没有待发的登记", "Nothing to send"))));
    panel.dataset.open = String(open.length);
  }

  // --- pressing
  const given = () => [...new FormData(form)].filter(([name, value]) => typeof value === "string" && value && name !== "_csrf" && name !== "_key");
  function fill(body) {
    for (const [name, value] of body) for (const one of form.querySelectorAll("[name='" + name + "']")) { if (one.type === "radio") one.checked = one.value === value; else one.value = value; }
  }
  function empty() {
    form.reset();
    for (const name of words("once")) if (form.elements[name]) form.elements[name].value = "";
    form.elements._key.value = crypto.randomUUID();
    try { sessionStorage.removeItem("draft:" + me.account); } catch { /* no storage, no draft */ }
    const first = form.querySelector("input[type=radio]:checked");
    if (first) first.focus();
  }
  const label = () => { const chosen = form.querySelector("input[name='" + form.dataset.label + "']:checked + label"); return chosen ? chosen.lastChild.data.trim() : ""; }; // no personal word outside the seal
  function plainly() { if (me) form.elements._csrf.value = me.csrf; form.submit(); }
  async function putPhotos(input, more) {
    for (const one of input.files) await put(drawn({ id: crypto.randomUUID(), label: say("照片", "Photograph"), type: one.type || "application/octet-stream", ...more }, await seal(await one.arrayBuffer())), "photos");
    input.value = "";
  }
  let busy = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault(); // before anything is awaited
    if (busy) return; // a second Enter
    busy = true;
    try {
      const how = me ? "" : await whoami();
      if (how === "signed-out") { plainly(); return; } // the page of signing in keeps what was typed
      if (!me) { document.querySelector("[data-offline]").textContent = say("没有网络，这台设备上也没有人登录过，现在记不下来", "No network, and nobody has signed in on this device: it cannot be kept now"); return; }
      for (const one of form.querySelectorAll("[data-point]")) one.value = me.point;
      const body = given(), title = (body.find(([name]) => name === form.dataset.title) || ["", ""])[1];
      const item = drawn({ id: form.elements._key.value || crypto.randomUUID(), path, label: label() }, await seal(bytes(JSON.stringify({ title, body }))));
      form.elements._key.value = item.id;
      await put(item);
      for (const one of form.querySelectorAll("[data-photos]")) await putPhotos(one, { log: item.id, form: true });
      const done = await alone(() => send(item));
      if (done.state === "sent") { await drain(); location.assign(done.told.next); return; }
      if (done.state === "refused") { await drop(item.id); plainly(); return; } // the page comes back with its errors, and all that was typed
      empty();
      if (done.state === "needs-you") { await wake(); return; } // whoever is signed in anew meanwhile goes on at once
      await told_net("offline");
      await show();
    } catch (error) { form.dataset.outboxError = String(error); plainly(); } // storage full or closed: sent the plain way
    finally { busy = false; }
  });
  for (const one of document.querySelectorAll("[data-photos-of]")) one.addEventListener("change", async () => { await putPhotos(one, { log: one.dataset.photosOf }); panel.hidden = false; await again(); });
  for (const one of document.querySelectorAll("[data-script]")) one.hidden = false;

  // --- when to try: at opening, when the network or the tab comes back, and every half minute; never on the word of the browser alone
  async function told_net(how) {
    const tag = document.querySelector("[data-netstate]");
    panel.dataset.net = how;
    tag.textContent = { online: say("在线", "Online"), offline: say("离线", "Offline"), "signed-out": say("未登录", "Signed out") }[how];
    tag.className = how === "online" ? "tag tag-ok" : "tag tag-warn";
  }
  async function wake() {
    const how = await whoami();
    await told_net(how);
    if (me) await keep();
    if (how === "online") {
      for (const store of ["outbox", "photos"]) for (const one of await mine(store)) if (one.state === "needs-you") await put({ ...one, state: "waiting", why: "" }, store);
      await drain();
    }
    await show();
    panel.dataset.awake = "1";
  }
  addEventListener("online", wake);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) wake(); });
  setInterval(async () => { if ([...(await mine()), ...(await mine("photos"))].some((one) => one.state === "waiting")) wake(); }, TRY_MS);
  for (const one of document.querySelectorAll("[data-send]")) one.addEventListener("click", wake);
  if (navigator.storage && navigator.storage.persist) navigator.storage.persist().catch(() => {});
  navigator.serviceWorker.register("/sw.js").catch((error) => { form.dataset.workerError = String(error); });
  wake();
})();
