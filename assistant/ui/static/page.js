// What plain links and panels cannot do: opening the panel a link points into, copying, roles, bringing a new turn into view.
"use strict";
(() => {
  const calm = matchMedia("(prefers-reduced-motion: reduce)");

  function reveal(id) {
    const target = id && document.getElementById(id);
    if (!target) return null;
    for (let panel = target.closest("details"); panel; panel = panel.parentElement.closest("details")) panel.open = true;
    return target;
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest && event.target.closest('.turn a[href^="#"], a.skip');
    if (link) {
      const target = reveal(decodeURIComponent(link.getAttribute("href").slice(1)));
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
      return;
    }
    const copy = event.target.closest && event.target.closest("[data-copy]");
    if (copy) {
      const text = document.getElementById(copy.dataset.copy).textContent;
      const said = copy.parentElement.querySelector("[role=status]");
      const tell = (words) => { said.textContent = words; setTimeout(() => { said.textContent = ""; }, 4000); };
      if (navigator.clipboard) navigator.clipboard.writeText(text).then(() => tell("Copied"), () => tell("Copying is not allowed here"));
      else tell("Copying needs a secure page (https)");
    }
  });

  addEventListener("hashchange", () => reveal(decodeURIComponent(location.hash.slice(1))));
  if (location.hash) reveal(decodeURIComponent(location.hash.slice(1)));

  function label(log) {
    log.setAttribute("role", "log");
    log.setAttribute("aria-live", "polite");
    log.setAttribute("aria-label", "Conversation");
    let seen = 0;
    new MutationObserver(() => {
      const turns = log.querySelectorAll(".turn");
      if (turns.length > seen) turns[turns.length - 1].scrollIntoView({ behavior: calm.matches ? "auto" : "smooth", block: "start" });
      seen = turns.length;
    }).observe(log, { childList: true, subtree: true });
  }

  // The chat page is built by its framework after this script has run.
  const ready = () => {
    const log = document.getElementById("log");
    const groups = [["audience", "Words for"], ["jurisdiction", "Guidance from"]].map(([id, name]) => [document.getElementById(id), name]);
    if (!log || groups.some(([group]) => !group)) return false;
    if (!log.hasAttribute("role")) label(log);
    for (const [group, name] of groups) { group.setAttribute("role", "radiogroup"); group.setAttribute("aria-label", name); }
    return true;
  };
  if (!ready()) {
    const watch = new MutationObserver(() => { if (ready()) watch.disconnect(); });
    watch.observe(document.documentElement, { childList: true, subtree: true });
  }
})();
