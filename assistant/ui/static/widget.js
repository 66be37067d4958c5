// One line on an intranet page: <script src="https://guides.example/widget.js" defer data-topic="b12-deficiency-cancer"
//   data-audience="nurse" data-theme="dark"></script>
// A button; the frame is loaded only when it is opened. Styles are set on elements, so a strict page policy is no obstacle.
"use strict";
(() => {
  const script = document.currentScript;
  const base = new URL(".", script.src);
  const address = new URL("embed", base);
  for (const name of ["topic", "audience", "jurisdiction", "theme", "question"])
    if (script.dataset[name]) address.searchParams.set(name, script.dataset[name]);
  const words = script.dataset.label || "Ask the guideline assistant";

  const make = (tag, style, attributes) => {
    const element = document.createElement(tag);
    Object.assign(element.style, style);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  };
  // Several widgets on one page stand above one another.
  const place = document.querySelectorAll("[data-guideline-widget]").length;
  const button = make("button", { position: "fixed", right: "20px", bottom: `${20 + place * 56}px`, zIndex: "2147483000", padding: "12px 18px",
    font: "600 16px/1.25 system-ui, sans-serif", color: "#fff", background: "#0b5c56", border: "2px solid #fff", borderRadius: "999px",
    cursor: "pointer", boxShadow: "0 2px 10px rgba(0,0,0,.25)" }, { type: "button", "aria-expanded": "false", "data-guideline-widget": "" });
  button.textContent = words;
  const panel = make("div", { position: "fixed", right: "20px", bottom: "20px", width: "min(460px, calc(100vw - 24px))",
    height: "min(760px, calc(100vh - 40px))", zIndex: "2147483001", display: "none", background: "#fff", border: "1px solid #9aa5a1",
    borderRadius: "12px", overflow: "hidden", boxShadow: "0 8px 40px rgba(0,0,0,.3)" }, { role: "dialog", "aria-label": words });
  let frame = null;

  function open() {
    if (!frame) {
      frame = make("iframe", { width: "100%", height: "100%", border: "0", display: "block" }, { src: address.href, title: words,
        referrerpolicy: "no-referrer", allow: "clipboard-write" });
      panel.append(frame);
    }
    panel.style.display = "block";
    button.setAttribute("aria-expanded", "true");
    frame.focus();
  }
  function close() {
    if (panel.style.display === "none") return;
    panel.style.display = "none";
    button.setAttribute("aria-expanded", "false");
    button.focus();
  }
  button.addEventListener("click", () => (panel.style.display === "none" ? open() : close()));
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
  addEventListener("message", (event) => {
    if (!frame || event.source !== frame.contentWindow || event.origin !== base.origin) return;
    const said = event.data || {};
    if (said.type === "assistant:close") close();
    // As high as the frame's content asks for, between a hand's breadth and the window.
    if (said.type === "assistant:height" && Number.isFinite(said.height))
      panel.style.height = `min(${Math.max(320, Math.min(said.height, 2000))}px, calc(100vh - 40px))`;
  });
  const attach = () => document.body.append(button, panel);
  if (document.body) attach(); else addEventListener("DOMContentLoaded", attach);
})();
