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
    // Where the browser names the page around us, only that one is written to; else each site that may frame us.
    const above = location.ancestorOrigins ? [location.ancestorOrigins[0]] : null;
    for (const origin of [...origins, location.origin])
      if (!above || above.includes(origin)) parent.postMessage(message, origin);
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

  // How high the page would like to be: its parts, not the frame that it fills.
  function measure() {
    const head = document.querySelector(".brand").offsetHeight;
    const parts = [...main.children].reduce((sum, part) => sum + (part.matches(".aside") ? 0 : part.offsetHeight), 0);
    tell({ type: "assistant:height", height: Math.ceil(head + parts + 48) });
  }

  async function put(question) {
    if (running) { running.abort(); return; }
    question = question.trim();
    if (!question) { box.focus(); return; }
    const topic = main.dataset.topic; // the frame was opened about something: the first question is too
    if (topic && !history.length && !question.toLowerCase().includes(topic.toLowerCase())) question = `${topic}: ${question}`;
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
    measure();
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
    new ResizeObserver(measure).observe(log);
    measure();
  }
})();
