/* Sajja's small helps. Every page works without them; nothing here decides anything. */
(() => {
  "use strict";
  const KEEP = "sajja:draft:";
  const KEEP_DAYS = 7;
  document.documentElement.classList.add("js");

  // Storage may be full or forbidden (private windows): then we keep nothing, silently.
  const store = {
    read(key) {
      try { return JSON.parse(localStorage.getItem(key)); } catch { return null; }
    },
    write(key, value) {
      try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* not kept */ }
    },
    drop(key) {
      try { localStorage.removeItem(key); } catch { /* was not kept */ }
    },
    keys() {
      try { return Object.keys(localStorage).filter((key) => key.startsWith(KEEP)); } catch { return []; }
    },
  };

  // ---- one click sends once -------------------------------------------------
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    const button = event.submitter;
    if (button) button.setAttribute("aria-disabled", "true");
    if (form.matches("[data-forget-drafts]")) store.keys().forEach(store.drop);
    if (form.dataset.keep) remember(form, true);
  });
  // The back button shows the page as it was left: let it be sent again.
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
    document.querySelectorAll("[aria-disabled]").forEach((b) => b.removeAttribute("aria-disabled"));
  });

  // ---- what was typed and not sent -------------------------------------------
  const controls = (form) => [...form.elements].filter((c) =>
    c.name && !["hidden", "file", "password", "submit", "button"].includes(c.type) && !c.closest("[data-restore]"));

  function entries(form) {
    return controls(form).map((c) => [c.name, c.value,
      c.type === "checkbox" || c.type === "radio" ? c.checked : null]);
  }
  function remember(form, sent) {
    store.write(KEEP + form.dataset.keep,
      { at: Date.now(), sent, path: location.pathname, entries: entries(form) });
  }
  function bringBack(form, kept) {
    const table = form.querySelector(".lines");
    const last = Math.max(-1, ...kept.entries.map(([name]) => Number(/^rows-(\d+)-/.exec(name)?.[1] ?? -1)));
    while (table && last >= 0 && !form.elements[`rows-${last}-name`]) addLine(table);
    const byName = controls(form);
    for (const [name, value, checked] of kept.entries) {
      for (const c of byName.filter((control) => control.name === name)) {
        if (checked === null) c.value = value;
        else if (c.value === value) c.checked = checked;
      }
    }
  }
  function offer(form, key, kept) {
    const box = form.querySelector("[data-restore]");
    if (!box) return;
    box.hidden = false;
    const time = new Date(kept.at);
    box.querySelector("[data-restore-time]").textContent =
      time.toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
    const close = () => { box.hidden = true; };
    box.querySelector("[data-restore-yes]").addEventListener("click", () => {
      bringBack(form, kept); close(); remember(form, false);
      const first = controls(form)[0];
      if (first) first.focus();
    });
    box.querySelector("[data-restore-no]").addEventListener("click", () => { store.drop(key); close(); });
  }

  const failed = document.body.hasAttribute("data-failed") || document.querySelector("[data-error-summary]");
  const cameFrom = document.referrer && new URL(document.referrer).pathname;
  const succeeded = document.querySelector('[data-level="success"]');
  for (const key of store.keys()) {
    const kept = store.read(key);
    const form = document.querySelector(`form[data-keep="${CSS.escape(key.slice(KEEP.length))}"]`);
    const old = !kept || Date.now() - kept.at > KEEP_DAYS * 864e5;
    // Sent, and the page that came back tells of its success. Anything else (an error, a sign-in,
    // a step that another window had finished, a lost connection and a walk elsewhere) keeps the
    // entries until the form is open again.
    const after = succeeded && (form || (kept && cameFrom === kept.path));
    if (old || (kept.sent && after && !failed)) { store.drop(key); continue; }
    if (kept.sent) store.write(key, { ...kept, sent: false });
    if (!form || failed) continue;
    if (JSON.stringify(kept.entries) === JSON.stringify(entries(form))) store.drop(key);
    else offer(form, key, kept);
  }
  let timer;
  const onEdit = (event) => {
    const form = event.target.form;
    if (!form || !form.dataset.keep) return;
    clearTimeout(timer);
    timer = setTimeout(() => { if (!form.dataset.sent) remember(form, false); }, 400);
  };
  document.addEventListener("input", onEdit);
  document.addEventListener("change", onEdit);

  // ---- errors are read first --------------------------------------------------
  const summary = document.querySelector("[data-error-summary]");
  if (summary) summary.focus();

  // ---- menus close when one looks elsewhere -------------------------------------
  document.addEventListener("click", (event) => {
    document.querySelectorAll("details.menu[open]").forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    document.querySelectorAll("details.menu[open]").forEach((menu) => {
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  });

  // ---- more rows for defects -----------------------------------------------------
  document.querySelectorAll("[data-add-row]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => {
      const rows = button.closest("[data-rows]");
      const last = [...rows.querySelectorAll("[data-row]")].pop();
      const number = rows.querySelectorAll("[data-row]").length;
      const row = last.cloneNode(true);
      row.querySelectorAll("[name], [id], [for]").forEach((node) => {
        for (const name of ["name", "id", "for"]) {
          const value = node.getAttribute(name);
          if (value) node.setAttribute(name, value.replace(/\d+$/, number));
        }
      });
      row.querySelectorAll("[data-number]").forEach((node) => { node.textContent = number + 1; });
      row.querySelectorAll("input").forEach((input) => { input.value = ""; });
      last.after(row);
      row.querySelector("input").focus();
    });
  });

  // ---- more lines in the table of a step ------------------------------------------
  function addLine(table) {
    const lines = table.querySelector("[data-lines]");
    const names = [...lines.querySelectorAll("[name]")].map((c) => Number(/^rows-(\d+)-/.exec(c.name)?.[1] ?? -1));
    const number = Math.max(-1, ...names) + 1;
    const line = document.createElement("tbody");
    line.innerHTML = table.querySelector("[data-line-template]").innerHTML.replaceAll("__prefix__", number);
    return lines.appendChild(line.firstElementChild);
  }
  document.querySelectorAll("[data-add-line]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => {
      addLine(button.closest(".lines")).querySelector("input:not([type=hidden], [data-fold]), select").focus();
    });
  });
  // A folded line says what was typed into it.
  document.addEventListener("input", (event) => {
    const cell = event.target.closest(".cell-name");
    const title = cell && cell.closest("[data-line]")?.querySelector("[data-title]");
    if (title && event.target.value) title.textContent = event.target.value;
  });

  // ---- uploads show how far they are -------------------------------------------------
  const bar = (event) => event.target.querySelector && event.target.querySelector("progress");
  document.addEventListener("htmx:xhr:progress", (event) => {
    const progress = bar(event);
    if (progress && event.detail.lengthComputable) {
      progress.value = (100 * event.detail.loaded) / event.detail.total;
    }
  });
  for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
    document.addEventListener(name, (event) => {
      const note = event.target.querySelector && event.target.querySelector("[data-upload-failed]");
      if (note) note.hidden = false;
    });
  }
})();
