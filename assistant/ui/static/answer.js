// What an answer does beyond plain links, wherever it stands: the card that shows a quote or a check, copying, printing,
// the question whether it was right. Every card repeats words that stand on the page already, so nothing is lost without it.
"use strict";
(() => {
  const byId = (id) => (id ? document.getElementById(id) : null);
  const hashOf = (link) => decodeURIComponent((link.getAttribute("href") || "").split("#")[1] || "");
  const make = (tag, name, text) => {
    const element = document.createElement(tag);
    if (name) element.className = name;
    if (text) element.textContent = text;
    return element;
  };

  function reveal(id) {
    const target = byId(id);
    for (let panel = target && target.closest("details"); panel; panel = panel.parentElement.closest("details")) panel.open = true;
    return target;
  }

  // ------------------------------------------------------------------ the card
  let card = null, owner = null, timer = 0;

  function show(link, parts, { dialog, label }) {
    hide();
    card = make("div", "card" + (dialog ? " check" : ""));
    card.id = "card";
    card.setAttribute("role", dialog ? "dialog" : "tooltip");
    if (label) card.setAttribute("aria-label", label);
    card.append(...parts.filter(Boolean));
    card.addEventListener("pointerenter", () => clearTimeout(timer));
    card.addEventListener("pointerleave", () => { if (!dialog) later(hide, 200); });
    document.body.append(card);
    owner = link;
    if (!dialog) link.setAttribute("aria-describedby", "card");
    else link.setAttribute("aria-expanded", "true");
    place(link);
  }
  function place(link) {
    // A link that runs over two lines has two boxes: the last one is where the eye is.
    const boxes = link.getClientRects(), box = boxes[boxes.length - 1], width = Math.min(420, innerWidth - 24);
    card.style.width = `${width}px`;
    card.style.left = `${Math.max(12, Math.min(box.left, innerWidth - width - 12))}px`;
    const height = card.offsetHeight, below = innerHeight - box.bottom - 8;
    const top = below >= height || below > box.top ? box.bottom + 6 : box.top - height - 6;
    card.style.top = `${Math.max(8, Math.min(top, innerHeight - height - 8))}px`;
  }
  function hide(focus) {
    clearTimeout(timer);
    if (!card) return;
    const link = owner;
    card.remove();
    card = owner = null;
    link.removeAttribute("aria-describedby");
    link.removeAttribute("aria-expanded");
    if (focus === true) link.focus({ preventScroll: true });
  }
  function later(action, wait) { clearTimeout(timer); timer = setTimeout(action, wait); }

  const inert = (element) => {
    if (!element) return null;
    const copy = element.cloneNode(true);
    for (const part of [copy, ...copy.querySelectorAll("[id]")]) part.removeAttribute("id");
    return copy;
  };

  function quoteCard(link) {
    const target = byId(hashOf(link)), figure = target && (target.matches(".quote") ? target : target.querySelector(".quote"));
    const work = target && target.closest(".source");
    if (!work) return;
    const parts = [".reference", ".kind"].map((part) => inert(work.querySelector(part)));
    const quote = figure && [".where", "blockquote", ".caution", "figcaption"].map((part) => inert(figure.querySelector(part)));
    show(link, [...(quote || []), ...parts], { dialog: false });
  }

  function checkCard(link) {
    const row = byId(hashOf(link));
    if (!row) return;
    const list = make("dl");
    for (const cell of row.querySelectorAll("[data-label]")) {
      const copy = inert(cell);
      for (const back of copy.querySelectorAll(".back")) back.remove();
      const value = make("dd");
      value.append(...copy.childNodes);
      list.append(make("dt", "", cell.dataset.label), value);
    }
    const close = make("button", "quiet", "Close");
    close.type = "button";
    close.addEventListener("click", () => hide(true));
    const all = make("a", "", "All checks of this answer");
    all.href = `#${row.id}`;
    const feet = make("p", "feet");
    feet.append(all, close);
    show(link, [list, feet], { dialog: true, label: "How this was checked" });
    close.focus({ preventScroll: true });
  }

  const cited = (event) => event.target.closest && event.target.closest("a.cite");
  document.addEventListener("pointerover", (event) => {
    if (event.pointerType === "touch" || (card && card.matches(".check"))) return;
    const link = cited(event);
    if (link && link !== owner) later(() => quoteCard(link), 120);
  });
  document.addEventListener("pointerout", (event) => { if (cited(event)) later(() => { if (card && !card.matches(".check")) hide(); }, 200); });
  document.addEventListener("focusin", (event) => {
    const link = cited(event);
    if (link && link.matches(":focus-visible")) quoteCard(link);
    else if (card && !card.contains(event.target) && event.target !== owner) hide();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !card) return;
    event.stopImmediatePropagation();
    hide(card.matches(".check"));
  }, true);
  addEventListener("scroll", () => { if (card && !card.matches(".check")) hide(); else if (card) place(owner); }, { passive: true, capture: true });
  addEventListener("resize", () => hide());

  // ------------------------------------------------------------------ links inside an answer
  document.addEventListener("click", (event) => {
    const at = event.target.closest && event.target;
    if (!at) return;
    if (card && !card.contains(at) && !at.closest("a.num")) hide();
    const number = at.closest("a.num");
    if (number && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      if (owner === number && card.matches(".check")) hide(true); else checkCard(number);
      return;
    }
    const link = at.closest('.turn a[href^="#"], .reading a[href^="#"], .card a[href^="#"], a.skip');
    if (link) { follow(event, link); return; }
    const button = at.closest("[data-copy], [data-print], [data-judge]");
    if (!button) return;
    if (button.dataset.copy) copy(button);
    else if (button.dataset.print) print(button.dataset.print);
    else judge(button);
  });

  function follow(event, link) {
    const target = reveal(hashOf(link));
    if (link.closest(".card")) hide();
    const panel = target && link.matches(".cite") && target.closest(".sources");
    if (panel && getComputedStyle(panel).position === "sticky") {
      // The sources stand beside the answer: only they move, the reader keeps the place in the answer.
      event.preventDefault();
      const place = scrollY;
      location.hash = target.id;
      scrollTo({ top: place, behavior: "instant" });
      panel.scrollTo({ top: panel.scrollTop + target.getBoundingClientRect().top - panel.getBoundingClientRect().top - 48, behavior: "instant" });
    }
    // Otherwise the browser follows the link, which sets :target; focus goes along for keyboard and screen reader.
    if (target) setTimeout(() => (target.querySelector("textarea") || target).focus({ preventScroll: !link.matches(".skip") }), 0);
  }

  function tell(place, words) {
    place.textContent = words;
  }
  function copy(button) {
    const said = button.parentElement.querySelector("[role=status]");
    if (!navigator.clipboard) { tell(said, "Copying needs a secure page (https)"); return; }
    navigator.clipboard.writeText(byId(button.dataset.copy).textContent)
      .then(() => tell(said, "Copied"), () => tell(said, "Copying is not allowed here"));
    setTimeout(() => tell(said, ""), 4000);
  }
  function print(id) {
    const turn = byId(id), shut = [...turn.querySelectorAll("details:not([open])")];
    for (const panel of shut) panel.open = true;
    turn.classList.add("printed");
    document.documentElement.classList.add("printing");
    addEventListener("afterprint", () => {
      for (const panel of shut) panel.open = false;
      turn.classList.remove("printed");
      document.documentElement.classList.remove("printing");
    }, { once: true });
    window.print();
  }

  // ------------------------------------------------------------------ was it right?
  function judge(button) {
    const form = button.closest("form"), why = form.querySelector(".why");
    for (const other of form.querySelectorAll("[data-judge]")) other.setAttribute("aria-pressed", String(other === button));
    const helpful = button.dataset.judge === "helpful";
    why.hidden = helpful;
    if (helpful) send(form, { judgement: "helpful" });
    else why.querySelector("select").focus();
  }
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-feedback]");
    if (!form) return;
    event.preventDefault();
    const chosen = form.querySelector('[data-judge][aria-pressed="true"]');
    send(form, { judgement: chosen.dataset.judge, statement: form.elements.statement.value, reason: form.elements.reason.value });
  });
  async function send(form, note) {
    const said = form.querySelector(".said");
    try {
      const reply = await fetch(form.dataset.feedback, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(note) });
      const data = await reply.json();
      if (!reply.ok) { tell(said, data.error.message); return; }
      form.querySelector(".why").hidden = true;
      tell(said, data.kept ? `Thank you. It was kept as case ${data.case.id}.` : "Thank you. This installation keeps no notes. ");
      if (!data.kept) said.append(caseFile(data.case));
    } catch (error) { tell(said, "The server cannot be reached; nothing was sent."); }
  }
  function caseFile(row) {
    const link = make("a", "", "Save it as a case file");
    link.href = URL.createObjectURL(new Blob([JSON.stringify(row) + "\n"], { type: "application/json" }));
    link.download = `${row.id}.jsonl`;
    return link;
  }

  addEventListener("hashchange", () => reveal(decodeURIComponent(location.hash.slice(1))));
  if (location.hash) reveal(decodeURIComponent(location.hash.slice(1)));
})();
