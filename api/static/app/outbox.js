// The outbox of the desk: what is logged is written to this computer first, then sent. It leaves the list only when the server has answered with a number.
// One record is one command: its id is made once, is the key of every try, and never changes. It is sealed with a key of the account, which the server
// hands out to its session and which is forgotten at signing out: another user of the same computer can neither read nor send it.
"use strict";
(function () {
  const form = document.getElementById("quick"), list = document.querySelector("[data-outbox-list]"), panel = document.getElementById("outbox");
  if (!form || !list || !window.indexedDB || !window.isSecureContext || !navigator.serviceWorker) return; // then the form is posted as any other form
  const zh = document.documentElement.lang.startsWith("zh"), say = (a, b) => (zh ? a : b);
  const LABEL = { waiting: say("等待发送", "Waiting"), refused: say("未受理", "Refused"), "needs-you": say("需要你处理", "Needs you"), sent: say("已发送", "Sent") };
  const KIND = { waiting: "", refused: "warn", "needs-you": "bad", sent: "ok" }, FIRST = ["needs-you", "refused", "waiting"];
  const SENT_SHOWN = 5, TRY_MS = 30000, ANSWER_MS = 15000, WARN_FROM = 50;
  let me = null; // {account, key, csrf, offset}: who is signed in here, as far as known

  // --- storage
  const db = new Promise((done, fail) => {
    const open = indexedDB.open("anjuan", 1);
    open.onupgradeneeded = () => { open.result.createObjectStore("outbox", { keyPath: "id" }).createIndex("owner", "owner"); open.result.createObjectStore("me", { keyPath: "k" }); };
    open.onsuccess = () => done(open.result); open.onerror = () => fail(open.error); open.onblocked = () => fail(new Error("blocked"));
  });
  const run = async (store, mode, work) => {
    const within = (await db).transaction(store, mode), asked = work(within.objectStore(store));
    return new Promise((done, fail) => { within.oncomplete = () => done(asked && asked.result); within.onerror = within.onabort = () => fail(within.error); });
  };
  const put = (item) => run("outbox", "readwrite", (store) => store.put(item));
  const drop = (id) => run("outbox", "readwrite", (store) => store.delete(id));
  const mine = async () => (me ? await run("outbox", "readonly", (store) => store.index("owner").getAll(me.account)) : []).sort((a, b) => (a.made < b.made ? -1 : 1));
  const others = async () => (await run("outbox", "readonly", (store) => store.getAll())).filter((one) => one.state !== "sent" && (!me || one.owner !== me.account));

  // --- who is signed in: from the server; where it cannot be reached, what was known last
  async function whoami() {
    try {
      const began = Date.now(), answer = await fetch("/desk/session", { cache: "no-store", headers: { Accept: "application/json" } });
      if (answer.status === 401) { await forget(); return "signed-out"; }
      if (!answer.ok) throw new Error(String(answer.status));
      const told = await answer.json(), raw = Uint8Array.from(atob(told.key), (one) => one.charCodeAt(0));
      const key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
      const offset = Math.round(new Date(told.now).getTime() - (began + Date.now()) / 2); // the server's clock less this one's
      me = { k: "me", account: told.account, csrf: told.csrf, point: told.point, key, offset };
      await run("me", "readwrite", (store) => store.put(me));
      return "online";
    } catch {
      me = (await run("me", "readonly", (store) => store.get("me"))) || null;
      return "offline";
    }
  }
  async function forget() { me = null; await run("me", "readwrite", (store) => store.delete("me")); } // the key goes, the sealed records stay
  const bytes = (text) => new TextEncoder().encode(text);
  async function seal(what) {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    return { iv, box: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, me.key, bytes(JSON.stringify(what))) };
  }
  const unseal = async (item) => JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt({ name: "AES-GCM", iv: item.iv }, me.key, item.box)));

  // --- sending: one after the other, over all tabs
  const alone = (work) => (navigator.locks ? navigator.locks.request("anjuan-outbox", work) : work());
  async function drain() {
    if (!me) return;
    await alone(async () => {
      for (const item of await mine()) {
        if (item.state === "refused" || item.state === "sent") continue;
        const { go } = await send(item);
        await show();
        if (!go) break;
      }
    });
  }
  // Returns whether the next one may go, and what the server said.
  async function send(item) {
    let answer;
    try {
      const body = new URLSearchParams({ ...(await unseal(item)), _key: item.id, _csrf: me.csrf });
      if (item.late_reason) body.set("_late_reason", item.late_reason);
      answer = await fetch("/desk/outbox", { method: "POST", cache: "no-store", body, headers: { Accept: "application/json", "X-Account": me.account }, signal: AbortSignal.timeout ? AbortSignal.timeout(ANSWER_MS) : undefined });
    } catch { return later(item); } // no answer: it may have arrived; the same key goes again
    if (answer.status === 401 || answer.status === 403) {
      await put({ ...item, state: "needs-you", why: say("登录已过期。重新登录后自动继续，内容未丢失", "Session ended. It goes on after you sign in") });
      return { go: false, state: "needs-you" };
    }
    if (answer.status >= 500 || answer.status === 429 || answer.status === 408) return later(item);
    const told = await answer.json().catch(() => null);
    if (!told || (answer.ok && !told.number)) return later(item); // not our server: a network's own sign-in page answers 200
    if (answer.ok) {
      await put({ id: item.id, owner: item.owner, made: item.made, label: item.label, state: "sent", number: told.number, request: told.request, why: told.why || "" }); // the sealed content is dropped
      return { go: true, state: "sent", told };
    }
    await put({ ...item, state: "refused", code: told.code || "", why: told.why || say("没有受理", "Refused") });
    return { go: true, state: "refused" }; // one that is refused holds up no other
  }
  async function later(item) { await put({ ...item, state: "waiting", tries: (item.tries || 0) + 1 }); return { go: false, state: "waiting" }; }

  // --- what the person sees: what asks for something first; of the sent the newest
  const element = (name, kind, ...kids) => { const made = document.createElement(name); if (kind) made.className = kind; made.append(...kids); return made; };
  async function title(item) { try { const told = await unseal(item); return item.label + say("，", ", ") + told.subject; } catch { return item.label; } }
  const button = (text, work) => { const made = element("button", "btn btn-link p-0 s", text); made.type = "button"; made.addEventListener("click", work); return made; };
  async function row(item) {
    const at = new Date(item.made).toTimeString().slice(0, 5);
    const made = element("li", "", element("span", "", element("span", "tag" + (KIND[item.state] ? " tag-" + KIND[item.state] : ""), LABEL[item.state])), element("span", "text-truncate", item.state === "sent" ? item.label : await title(item)), element("span", "s tn", at));
    made.dataset.state = item.state;
    if (item.state === "sent") { const link = element("a", "ul tn", String(item.number)); link.href = "/requests/" + item.request; made.children[1].append(" ", link); }
    if (!item.why) return made;
    const why = element("span", "why s", item.why, " ");
    if (item.state === "needs-you") { const link = element("a", "ul", say("登录", "Sign in")); link.href = "/sign-in?next=/desk"; why.append(link); }
    if (item.state === "refused" && item.code === "late-entry-needs-reason") why.append(button(say("补原因：断网期间登记", "Add the reason: logged offline"), async () => { await put({ ...item, state: "waiting", why: "", late_reason: say("断网期间登记，联网后发送", "Logged offline, sent later") }); await show(); await drain(); }));
    else if (item.state === "refused") why.append(button(say("放回表单修改", "Put back into the form"), async () => { fill(await unseal(item)); await drop(item.id); await show(); form.elements.subject.focus(); }));
    made.append(why);
    return made;
  }
  async function show() {
    const items = await mine(), rest = await others();
    const open = items.filter((one) => one.state !== "sent").sort((a, b) => FIRST.indexOf(a.state) - FIRST.indexOf(b.state));
    const sent = items.filter((one) => one.state === "sent").slice(-SENT_SHOWN).reverse();
    list.replaceChildren(...(await Promise.all([...open, ...sent].map(row))));
    if (open.length >= WARN_FROM) list.prepend(element("li", "", element("span", "why s", say("积压很多，请尽快联网", "Many are waiting: go online soon"))));
    if (rest.length) list.append(element("li", "", element("span", "why s", say(`本机还有别人没发出的 ${rest.length} 条，由本人登录后发送`, `${rest.length} unsent of another user, sent when that person signs in`))));
    panel.hidden = !list.children.length && panel.dataset.net === "online";
    if (!list.children.length) list.append(element("li", "", element("span", "why s", say("没有待发的登记", "Nothing to send"))));
    panel.dataset.open = String(open.length);
  }

  // --- logging
  const names = () => new Set([...form.elements].map((one) => one.name).filter((name) => name && name !== "_csrf" && name !== "_key")); // read when it is sent: earlier requests come into the form later
  const given = () => Object.fromEntries([...names()].map((name) => [name, form.elements[name].value]).filter(([, value]) => value));
  function fill(found) { for (const [name, value] of Object.entries(found)) if (form.elements[name]) form.elements[name].value = value; }
  function empty() {
    form.reset();
    for (const name of ["subject", "visitor.name", "visitor.phone", "answer", "_occurred_at", "_late_reason"]) form.elements[name].value = "";
    form.elements._key.value = crypto.randomUUID();
    try { sessionStorage.removeItem("draft:" + form.dataset.account); } catch { /* no storage, no draft */ }
    (form.querySelector("input[name=service]:checked") || form.elements.subject).focus();
  }
  const label = () => { const chosen = form.querySelector("input[name=service]:checked + label"); return chosen ? chosen.lastChild.data.trim() : ""; }; // no personal word outside the seal
  let busy = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault(); // before anything is awaited
    if (busy) return; // a second Enter
    busy = true;
    try {
      if (!me) await whoami();
      if (!me) { location.assign("/sign-in?next=/desk"); return; }
      const told = { point: me.point, ...given() };
      told._occurred_at = told._occurred_at || new Date(Date.now() + me.offset).toISOString();
      const item = { id: form.elements._key.value || crypto.randomUUID(), owner: me.account, made: new Date().toISOString(), label: label(), state: "waiting", ...(await seal(told)) };
      await put(item);
      const done = await alone(() => send(item));
      if (done.state === "sent") { await drain(); location.assign(done.told.next); return; }
      if (done.state === "refused") { await drop(item.id); form.submit(); return; } // the page comes back with its errors, and all that was typed
      if (done.state === "waiting") empty();
      panel.dataset.net = done.state === "waiting" ? "offline" : "signed-out";
      await told_net(panel.dataset.net);
      await show();
    } catch (error) { form.dataset.outboxError = String(error); form.submit(); } // storage full or closed: sent the plain way
    finally { busy = false; }
  });

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
    if (how === "online") {
      for (const one of await mine()) if (one.state === "needs-you") await put({ ...one, state: "waiting", why: "" });
      await drain();
    }
    await show();
    panel.dataset.awake = "1";
  }
  addEventListener("online", wake);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) wake(); });
  setInterval(async () => { if ((await mine()).some((one) => one.state === "waiting")) wake(); }, TRY_MS);
  for (const one of document.querySelectorAll("[data-send]")) one.addEventListener("click", wake);
  if (navigator.storage && navigator.storage.persist) navigator.storage.persist().catch(() => {});
  navigator.serviceWorker.register("/sw.js").catch((error) => { form.dataset.workerError = String(error); });
  wake();
})();
