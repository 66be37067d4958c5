// The chat page: roles, bringing a new turn into view, facts of the patient; what an answer does lies in answer.js.
"use strict";
(() => {
  const calm = matchMedia("(prefers-reduced-motion: reduce)");

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

  document.addEventListener("click", (event) => {
    const more = event.target.closest && event.target.closest("#more-facts");
    if (!more) return;
    const facts = document.getElementById("facts"), all = facts.classList.toggle("all");
    more.setAttribute("aria-expanded", String(all));
    more.textContent = all ? "Fewer facts" : "Add facts";
    if (all) (facts.querySelector(".fact :placeholder-shown") || facts.querySelector(".fact input, .fact textarea")).focus();
  });
  // The other pages open beside a conversation, which would be gone if they took its place.
  document.addEventListener("click", (event) => {
    const link = event.target.closest && event.target.closest(".brand nav a, .brand .name");
    if (link && document.querySelector("#log .turn")) { link.target = "_blank"; link.rel = "noopener"; }
  });
  // A fact that was changed asks for the answer to be made anew: the button says so until it is.
  document.addEventListener("input", (event) => {
    if (event.target.closest(".fact")) document.getElementById("facts").classList.add("changed");
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.closest && event.target.closest(".fact")) document.getElementById("facts").classList.remove("changed");
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest && event.target.closest("#apply, #ask")) document.getElementById("facts").classList.remove("changed");
  });

  // The framework says nothing when a question cannot be sent: out of reach, or refused because too many are asking.
  function trouble(title, message) {
    let place = document.getElementById("trouble");
    if (!place) {
      place = document.createElement("div");
      place.id = "trouble";
      place.className = "notice";
      place.setAttribute("role", "alert");
      document.getElementById("composer").before(place);
    }
    const strong = document.createElement("strong");
    strong.textContent = title;
    place.replaceChildren(strong, ` ${message}`);
    place.hidden = !title;
  }
  const send = window.fetch;
  window.fetch = async (...wanted) => {
    const address = String((wanted[0] && wanted[0].url) || wanted[0]);
    if (!address.includes("/gradio_api/queue/join")) return send(...wanted);
    try {
      const reply = await send(...wanted);
      if (reply.ok) trouble("", "");
      else {
        const said = await reply.clone().json().catch(() => ({}));
        const words = (said.error && said.error.message) || "the server refused the question";
        trouble("Not asked.", `${words[0].toUpperCase()}${words.slice(1)}.`);
      }
      return reply;
    } catch (error) {
      trouble("Out of reach.", "The server does not answer. The question stands in the box: try again in a moment.");
      // A refusal rather than an error: after an error the framework would wait for the lost answer for good.
      return new Response('{"detail": "out of reach"}', { status: 503, headers: { "content-type": "application/json" } });
    }
  };
  addEventListener("offline", () => trouble("Offline.", "This computer has no connection. What stands here can still be read."));
  addEventListener("online", () => trouble("", ""));
  // A pending turn tells its progress every second; one that has stopped telling has lost its server.
  let told = "", silent = 0;
  setInterval(() => {
    const pending = document.querySelector("#log .turn.pending"), words = pending ? pending.textContent : "";
    silent = pending && words === told ? silent + 1 : 0;
    told = words;
    if (silent === 4) trouble("No word from the server.", "The connection was lost while the answer was being made. Stop, and ask again.");
  }, 2000);

  // A question in the address ("ask a follow-up" of an article): written into the box, and asked when the link says so.
  function prefill() {
    const wanted = new URLSearchParams(location.search), question = (wanted.get("question") || "").trim().slice(0, 1900);
    const box = document.querySelector("#question textarea, #question input");
    if (!question || !box || prefill.done) return;
    prefill.done = true;
    const topic = (wanted.get("topic") || "").trim().slice(0, 90);
    history.replaceState(null, "", location.pathname); // a question is no part of an address that may be copied
    const wait = setInterval(() => {
      box.value = topic && !question.toLowerCase().includes(topic.toLowerCase()) ? `${topic}: ${question}` : question;
      box.dispatchEvent(new Event("input", { bubbles: true }));
      clearInterval(wait);
      if (wanted.get("ask") === "1") setTimeout(() => document.getElementById("ask").click(), 60);
    }, 250);
  }

  // The chat page is built by its framework after this script has run.
  const ready = () => {
    const log = document.getElementById("log");
    const groups = [["audience", "Words for"], ["jurisdiction", "Guidance from"]].map(([id, name]) => [document.getElementById(id), name]);
    if (!log || groups.some(([group]) => !group)) return false;
    if (!log.hasAttribute("role")) label(log);
    const facts = document.getElementById("facts"), more = document.getElementById("more-facts");
    if (!facts || !more) return false;
    facts.setAttribute("role", "group");
    facts.setAttribute("aria-labelledby", "facts-name");
    prefill();
    for (const [group, name] of groups) { group.setAttribute("role", "radiogroup"); group.setAttribute("aria-label", name); }
    return true;
  };
  if (!ready()) {
    const watch = new MutationObserver(() => { if (ready()) watch.disconnect(); });
    watch.observe(document.documentElement, { childList: true, subtree: true });
  }
})();
