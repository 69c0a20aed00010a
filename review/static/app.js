// Small help on pages that all work without it: keyboard, focus after a swap, what is said when the server is away.
// A page marks what is reached: data-row (j, k, o, x), data-key="4" on a control with data-says="its help",
// data-focus where focus goes on a new page (else main), data-to="id" on a link for where focus goes on the same page,
// data-shown on what is of use only with scripts, data-all="name" on a box that ticks all of that name, of those data-among="selector".
// Every single-character key can be switched off (WCAG 2.1.4) and none acts while somebody types.
(() => {
  "use strict";
  const OFF = "futvakt-keys-off";
  const typing = (el) => el && (el.isContentEditable || /^(TEXTAREA|SELECT)$/.test(el.tagName) ||
    (el.tagName === "INPUT" && !/^(radio|checkbox|submit|button)$/.test(el.type)));
  const rows = () => [...document.querySelectorAll("[data-row]")].filter((row) => row.querySelector("a[href]"));
  const keyed = () => [...document.querySelectorAll("[data-key]:not([disabled])")].filter((el) => el.getClientRects().length);
  const byId = (id) => id && document.getElementById(id);

  function on() {
    try { return localStorage.getItem(OFF) !== "1"; } catch { return true; }
  }

  function turn(isOn) {
    try { localStorage.setItem(OFF, isOn ? "0" : "1"); } catch { /* a browser that keeps nothing: on until reloaded */ }
  }

  function step(by) {
    const all = rows();
    if (!all.length) return;
    const now = all.findIndex((row) => row.contains(document.activeElement));
    const next = all[Math.min(all.length - 1, Math.max(0, now < 0 ? (by > 0 ? 0 : all.length - 1) : now + by))];
    next.querySelector("a[href]").focus();
    next.scrollIntoView({ block: "nearest" });
  }

  function press(el) {
    if (el.type === "radio" || el.type === "checkbox") {
      el.checked = el.type === "radio" || !el.checked;
      el.dispatchEvent(new Event("change", { bubbles: true }));
      (byId(el.dataset.then) || el).focus();
    } else if (/^(INPUT|SELECT|TEXTAREA)$/.test(el.tagName)) el.focus();
    else {
      el.click();
      if (byId(el.dataset.then)) byId(el.dataset.then).focus();
    }
  }

  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.form) {
      event.preventDefault();
      event.target.form.requestSubmit(event.target.form.querySelector("[data-submit]"));
      return;
    }
    const busy = event.ctrlKey || event.metaKey || event.altKey || typing(event.target);
    if (busy || !on() || document.querySelector("dialog[open]")) return;
    const row = document.activeElement.closest("[data-row]");
    const box = row && row.querySelector("input[type=checkbox]");
    if (event.key === "?") help();
    else if (event.key === "j") step(1);
    else if (event.key === "k") step(-1);
    else if (event.key === "o" && row) row.querySelector("a[href]").click();
    else if (event.key === "x" && box) box.click();
    else {
      const el = keyed().find((one) => one.dataset.key === event.key);
      if (!el) return;
      press(el);
    }
    event.preventDefault();
  });

  function help() {
    let dialog = byId("keys");
    if (!dialog) {
      dialog = document.createElement("dialog");
      dialog.id = "keys";
      dialog.setAttribute("aria-labelledby", "keys-title");
      dialog.innerHTML = '<h2 id="keys-title">Tangentbord</h2><ul class="keys" id="keys-list"></ul>' +
        '<p><label class="choice"><input type="checkbox" id="keys-on"> Kortkommandon med en tangent</label></p>' +
        '<form method="dialog"><button class="main">Stäng</button></form>';
      document.body.append(dialog);
      byId("keys-on").addEventListener("change", (event) => turn(event.target.checked));
    }
    const list = byId("keys-list");
    list.replaceChildren();
    const say = (key, what) => {
      const line = document.createElement("li"), name = document.createElement("kbd");
      name.textContent = key;
      line.append(name, " " + what);
      list.append(line);
    };
    if (rows().length) {
      say("j", "Nästa rad");
      say("k", "Föregående rad");
      say("o", "Öppna raden");
      if (document.querySelector("[data-row] input[type=checkbox]")) say("x", "Markera raden");
    }
    for (const el of keyed()) say(el.dataset.key, el.dataset.says || el.textContent.trim());
    say("?", "Den här hjälpen");
    say("Ctrl+Enter", "Spara formuläret");
    byId("keys-on").checked = on();
    dialog.showModal();
  }

  function show() {
    document.querySelectorAll("[data-help], [data-shown]").forEach((el) => { el.hidden = false; });
  }

  const path = () => byId("page").dataset.path;
  let before = null;
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr, requestConfig } = event.detail;
    const cause = requestConfig && requestConfig.elt;
    before = { path: path(), id: document.activeElement && document.activeElement.id, failed: xhr.status >= 400,
      to: cause && cause.dataset ? cause.dataset.to : null };
  });
  document.addEventListener("htmx:afterSettle", () => {
    show();
    if (!before) return;
    const { path: left, id, failed, to } = before, isNew = left !== path(), now = document.activeElement;
    before = null;
    const wanted = (isNew || failed) && document.querySelector("[data-focus]");
    if (!isNew && !wanted && !byId(to) && now && now !== document.body && now.isConnected) return;
    const again = !isNew && !wanted && !byId(to) && byId(id);
    (wanted || byId(to) || again || byId("main")).focus({ preventScroll: true });
    // what was said of the act stands at the top of main, which is taller than the window: nearest would not show it
    if (!wanted && (isNew || document.activeElement === byId("main"))) window.scrollTo(0, 0);
    else if (!again) document.activeElement.scrollIntoView({ block: "nearest" });
  });
  // A refused form keeps the address of the page it lies on, so that reloading gives that page.
  document.addEventListener("htmx:beforeHistoryUpdate", (event) => {
    const { xhr, requestConfig, history } = event.detail;
    if (requestConfig.verb === "post" && xhr.status >= 400) {
      history.type = "replace";
      history.path = location.pathname + location.search;
    }
  });
  // A form that asks (GET) leaves what says nothing out of its address.
  document.addEventListener("htmx:configRequest", (event) => {
    const { verb, parameters } = event.detail;
    if (verb === "get") for (const name of Object.keys(parameters)) if (parameters[name] === "") delete parameters[name];
  });
  for (const name of ["htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(name, () => {
      let told = byId("away");
      if (!told) {
        told = document.createElement("p");
        told.id = "away";
        told.className = "problem";
        byId("main").prepend(told);
      }
      told.textContent = byId("live").textContent = "Servern svarar inte. Det du skrivit är kvar; försök igen om en stund.";
    });
  }

  document.addEventListener("click", (event) => { if (event.target.closest("[data-help]")) help(); });
  document.addEventListener("change", (event) => {
    const { all, among = "*" } = event.target.dataset || {};
    if (all) document.getElementsByName(all).forEach((box) => {
      if (!box.disabled && box.matches(among)) box.checked = event.target.checked;
    });
  });
  document.addEventListener("DOMContentLoaded", show);
})();
