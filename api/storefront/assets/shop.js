// The search box suggests while one types; the sort list acts at once. Everything works without this file.
(() => {
  "use strict";
  const root = document.documentElement;
  root.classList.add("js");
  const sort = document.getElementById("sort");
  if (sort) sort.addEventListener("change", () => sort.form.submit());
  const fold = document.querySelector(".fold");
  if (fold && matchMedia("(min-width: 800px)").matches) fold.open = true;

  // A form is sent once, however often it is clicked: the second click neither orders nor reports again.
  const sent = new Set();
  document.addEventListener("submit", (event) => {
    if (event.target.method !== "post") return;
    if (sent.has(event.target)) { event.preventDefault(); event.stopImmediatePropagation(); }
    sent.add(event.target);
    setTimeout(() => sent.delete(event.target), 5000);   // stopped on the way: it may be sent again
  }, true);
  // A page that the browser kept, whole or in its cache, comes back with the cart as it is by now.
  const counts = document.querySelectorAll("[data-count]");
  const store = (act) => { try { return act(sessionStorage); } catch { return null; } };
  const recount = () => {
    const now = store((kept) => kept.getItem("dg_count"));
    if (now !== null) counts.forEach((one) => { one.textContent = now; one.hidden = now === "0"; });
  };
  const [way] = performance.getEntriesByType("navigation");
  if (way && way.type === "back_forward") recount();
  else store((kept) => kept.setItem("dg_count", counts[0].textContent));
  addEventListener("pageshow", (event) => { if (event.persisted) { sent.clear(); recount(); } });
  // A photograph that does not come leaves an empty ground, not a broken sign.
  const gone = (image) => { image.hidden = true; };
  document.addEventListener("error", (event) => { if (event.target.tagName === "IMG") gone(event.target); }, true);
  for (const image of document.images) if (image.complete && !image.naturalWidth && image.currentSrc) gone(image);

  const box = document.getElementById("q");
  const list = document.getElementById("suggestions");
  let asked = 0, answered = 0, at = -1, typed = box.value, timer = 0, composing = false;

  const close = () => {
    clearTimeout(timer); answered = ++asked;   // what is still on its way comes too late
    list.hidden = true; at = -1;
    box.setAttribute("aria-expanded", "false"); box.removeAttribute("aria-activedescendant");
  };
  const choose = (index) => {
    const options = [...list.children];
    at = (index + options.length + 1) % (options.length + 1);
    options.forEach((one, i) => one.setAttribute("aria-selected", String(i === at)));
    const chosen = options[at];
    box.value = chosen ? chosen.dataset.text : typed;
    if (!chosen) { box.removeAttribute("aria-activedescendant"); return; }
    box.setAttribute("aria-activedescendant", chosen.id);
    chosen.scrollIntoView({ block: "nearest" });
  };
  const go = (option) => { box.value = option.dataset.text; close(); location.href = option.dataset.url; };
  const line = (one, i) => {
    const item = document.createElement("li");
    item.id = "s" + i; item.setAttribute("role", "option"); item.setAttribute("aria-selected", "false");
    item.dataset.text = one.text; item.dataset.url = one.url;
    const text = document.createElement("span");
    const points = Array.from(one.text);   // spans are in code points
    let from = 0;
    for (const [start, end] of one.spans || []) {
      text.append(points.slice(from, start).join(""));
      const mark = document.createElement("mark");
      mark.textContent = points.slice(start, end).join("");
      text.append(mark); from = end;
    }
    text.append(points.slice(from).join(""));
    const kind = document.createElement("small");
    kind.textContent = one.label;
    item.append(text, kind);
    item.addEventListener("mousedown", (event) => event.preventDefault());   // the box keeps the focus
    item.addEventListener("click", () => go(item));
    return item;
  };
  const ask = async () => {
    typed = box.value;
    if (!typed.trim()) { close(); return; }
    const mine = ++asked;
    try {
      const answer = await fetch("/suggestions?q=" + encodeURIComponent(typed));
      if (!answer.ok || mine < answered) return;
      const found = (await answer.json()).suggestions;
      if (mine < answered || document.activeElement !== box) return;
      answered = mine;
      list.replaceChildren(...found.map(line));
      at = -1; list.hidden = !found.length; list.scrollTop = 0;
      box.setAttribute("aria-expanded", String(found.length > 0)); box.removeAttribute("aria-activedescendant");
    } catch { close(); }
  };
  box.addEventListener("compositionstart", () => { composing = true; });
  box.addEventListener("compositionend", () => { composing = false; ask(); });
  box.addEventListener("input", () => { if (composing) return; clearTimeout(timer); timer = setTimeout(ask, 60); });
  box.addEventListener("blur", close);
  box.form.addEventListener("submit", close);
  box.addEventListener("keydown", (event) => {
    if (list.hidden || composing || event.isComposing) return;
    if (event.key === "ArrowDown") { event.preventDefault(); choose(at + 1); }
    else if (event.key === "ArrowUp") { event.preventDefault(); choose(at - 1); }
    else if (event.key === "Escape") { event.preventDefault(); box.value = typed; close(); }
    else if (event.key === "Enter" && list.children[at]) { event.preventDefault(); go(list.children[at]); }
  });
})();
