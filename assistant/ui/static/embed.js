// The compact chat inside a frame: asks our own server, keeps the conversation in memory, speaks to known origins only.
"use strict";
(() => {
  const main = document.getElementById("embed");
  const [log, form, box, ask, follow, intro, close] =
    ["log", "composer", "question", "ask", "follow-ups", "intro", "close"].map((id) => document.getElementById(id));
  const origins = main.dataset.origins.split(" ").filter(Boolean);
  const history = [];
  let turn = 0, running = null;

  function tell(message) {
    if (parent === window) return;
    for (const origin of [...origins, location.origin]) {
      try { parent.postMessage(message, origin); } catch (error) { /* not an origin of our parent */ }
    }
  }
  function element(markup) {
    const holder = document.createElement("template");
    holder.innerHTML = markup; // made and escaped by our own server
    return holder.content.firstElementChild;
  }
  function plain(title, text, name) {
    const part = element(`<article class="turn ${name}"><p class="progress"><span class="pulse" aria-hidden="true"></span><span></span></p></article>`);
    part.querySelector("span:last-child").textContent = title + " " + text;
    if (name !== "pending") part.querySelector(".pulse").remove();
    return part;
  }
  function busy(on) {
    ask.textContent = on ? "Stop" : "Ask";
    log.setAttribute("aria-busy", String(on));
  }
  function suggest(texts) {
    follow.replaceChildren(...texts.map((text) => {
      const item = document.createElement("li"), button = document.createElement("button");
      button.type = "button"; button.className = "chip"; button.textContent = text; button.dataset.ask = "";
      item.append(button);
      return item;
    }));
  }

  async function put(question) {
    if (running) { running.abort(); return; }
    if (!question.trim()) { box.focus(); return; }
    running = new AbortController();
    busy(true); suggest([]); intro.hidden = true; box.value = "";
    let shown = plain("Reading the guidance and checking every number:", question, "pending");
    log.append(shown);
    const replace = (part) => { shown.replaceWith(part); shown = part; shown.scrollIntoView({ block: "start" }); };
    try {
      const body = { turn: turn + 1, question, history: history.slice(-8), audience: document.getElementById("audience").value,
        jurisdiction: document.getElementById("jurisdiction").value || null };
      const reply = await fetch(main.dataset.askUrl, { method: "POST", headers: { "content-type": "application/json" },
        body: JSON.stringify(body), signal: running.signal });
      const data = await reply.json();
      if (!reply.ok) { replace(plain("No answer:", data.error.message, "problem")); box.value = question; }
      else {
        turn += 1;
        replace(element(data.html));
        history.push({ role: "user", content: data.question }, { role: "assistant", content: data.said.slice(0, 4000) });
        suggest(data.follow_ups);
      }
    } catch (error) {
      replace(plain(error.name === "AbortError" ? "Stopped:" : "The server cannot be reached:", question, "problem"));
    }
    running = null; busy(false);
    tell({ type: "assistant:height", height: document.documentElement.scrollHeight });
  }

  form.addEventListener("submit", (event) => { event.preventDefault(); put(box.value); });
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); put(box.value); }
  });
  document.addEventListener("click", (event) => {
    const chip = event.target.closest("[data-ask]");
    if (chip) put(chip.textContent);
  });
  if (parent !== window) {
    close.hidden = false;
    close.addEventListener("click", () => tell({ type: "assistant:close" }));
    document.addEventListener("keydown", (event) => { if (event.key === "Escape") tell({ type: "assistant:close" }); });
    tell({ type: "assistant:ready" });
  }
})();
