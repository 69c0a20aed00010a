// Small help on pages that all work without it: keyboard, focus after a swap, and the title read out.
// A page marks what keys reach: data-row (j, k, o), data-key="4" on a control, data-help. Every single-letter
// key can be switched off (WCAG 2.1.4) and never acts while somebody types.
(() => {
  "use strict";
  const OFF = "futvakt-keys-off";
  const typing = (el) => el && (el.isContentEditable || /^(TEXTAREA|SELECT)$/.test(el.tagName) ||
    (el.tagName === "INPUT" && !/^(radio|checkbox|submit|button)$/.test(el.type)));
  const rows = () => [...document.querySelectorAll("[data-row]")];
  const on = () => localStorage.getItem(OFF) !== "1";

  function step(by) {
    const all = rows();
    if (!all.length) return;
    const now = all.findIndex((row) => row.contains(document.activeElement));
    const next = all[Math.min(all.length - 1, Math.max(0, now < 0 ? (by > 0 ? 0 : all.length - 1) : now + by))];
    const link = next.querySelector("a[href]");
    link.focus();
    next.scrollIntoView({ block: "nearest" });
  }

  function press(el) {
    if (el.type === "radio" || el.type === "checkbox") {
      el.checked = el.type === "radio" || !el.checked;
      el.dispatchEvent(new Event("change", { bubbles: true }));
      const next = el.dataset.then && document.getElementById(el.dataset.then);
      (next || el).focus();
    } else if (/^(INPUT|SELECT|TEXTAREA)$/.test(el.tagName)) el.focus();
    else el.click();
  }

  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.form) {
      event.preventDefault();
      event.target.form.requestSubmit(event.target.form.querySelector("[data-submit]"));
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || document.querySelector("dialog[open]")) return;
    if (event.key === "?") { help(); event.preventDefault(); return; }
    if (!on()) return;
    if (event.key === "j") step(1);
    else if (event.key === "k") step(-1);
    else if (event.key === "o" && document.activeElement.closest("[data-row]")) document.activeElement.click();
    else {
      const el = document.querySelector(`[data-key="${CSS.escape(event.key)}"]:not([disabled])`);
      if (!el) return;
      press(el);
    }
    event.preventDefault();
  });

  function help() {
    let dialog = document.getElementById("keys");
    if (!dialog) {
      dialog = document.createElement("dialog");
      dialog.id = "keys";
      dialog.setAttribute("aria-labelledby", "keys-title");
      dialog.innerHTML = '<h2 id="keys-title">Tangentbord</h2><dl class="stack" id="keys-list"></dl>' +
        '<label class="choice"><input type="checkbox" id="keys-on"> Kortkommandon med en tangent</label>' +
        '<form method="dialog"><button class="main">Stäng</button></form>';
      document.body.append(dialog);
      dialog.querySelector("#keys-on").addEventListener("change", (e) => localStorage.setItem(OFF, e.target.checked ? "0" : "1"));
    }
    const list = dialog.querySelector("#keys-list");
    list.replaceChildren();
    const say = (key, what) => {
      const line = document.createElement("div"), name = document.createElement("kbd");
      name.textContent = key;
      line.append(what + " ", name);
      list.append(line);
    };
    if (rows().length) { say("j", "Nästa rad"); say("k", "Föregående rad"); say("o", "Öppna raden"); }
    for (const el of document.querySelectorAll("[data-key]")) say(el.dataset.key, el.dataset.says || el.textContent.trim());
    say("Ctrl+Enter", "Spara formuläret");
    dialog.querySelector("#keys-on").checked = on();
    dialog.showModal();
  }

  let left = null;
  document.addEventListener("htmx:beforeSwap", () => { left = document.activeElement && document.activeElement.id; });
  document.addEventListener("htmx:afterSettle", () => {
    document.querySelectorAll("[data-help]").forEach((el) => { el.hidden = false; });
    const now = document.activeElement;
    if (now && now !== document.body && now.isConnected) return;
    const again = left && document.getElementById(left);
    (document.querySelector("[data-focus]") || again || document.getElementById("main")).focus({ preventScroll: !!again });
    if (!again) window.scrollTo(0, 0);
  });
  document.addEventListener("click", (event) => { if (event.target.closest("[data-help]")) help(); });
  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("[data-help]").forEach((el) => { el.hidden = false; });
  });
})();
