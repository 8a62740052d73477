// The search box suggests while one types; the sort list acts at once. Everything works without this file.
(() => {
  "use strict";
  document.documentElement.classList.add("js");
  const sort = document.getElementById("sort");
  if (sort) sort.addEventListener("change", () => sort.form.submit());
  const wide = window.matchMedia("(min-width: 800px)");
  const fold = document.querySelector(".fold");
  if (fold && wide.matches) fold.open = true;

  const box = document.getElementById("q");
  const list = document.getElementById("suggestions");
  if (!box || !list) return;
  const key = (document.querySelector("script[data-key]") || { dataset: {} }).dataset.key;
  let asked = 0, answered = 0, at = -1, typed = box.value, timer = 0, composing = false;

  const close = () => { list.hidden = true; at = -1; box.setAttribute("aria-expanded", "false"); box.removeAttribute("aria-activedescendant"); };
  const choose = (index) => {
    const options = [...list.children];
    at = (index + options.length + 1) % (options.length + 1);
    options.forEach((one, i) => one.setAttribute("aria-selected", String(i === at)));
    const chosen = options[at];
    box.value = chosen ? chosen.dataset.text : typed;
    if (chosen) box.setAttribute("aria-activedescendant", chosen.id); else box.removeAttribute("aria-activedescendant");
  };
  const go = (option) => {
    if (option.dataset.item) { location.href = "/item/" + encodeURIComponent(option.dataset.item); return; }
    box.value = option.dataset.text;
    box.form.submit();
  };
  const line = (one, i) => {
    const item = document.createElement("li");
    item.id = "s" + i; item.setAttribute("role", "option"); item.setAttribute("aria-selected", "false");
    item.dataset.text = one.text;
    if (one.item_id) item.dataset.item = one.item_id;
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
    kind.textContent = one.label || "";
    item.append(text, kind);
    item.addEventListener("mousedown", (event) => { event.preventDefault(); go(item); });
    return item;
  };
  const ask = async () => {
    typed = box.value;
    if (!typed.trim()) { close(); return; }
    const mine = ++asked;
    try {
      const answer = await fetch("/suggestions?q=" + encodeURIComponent(typed), { headers: key ? { Authorization: "Bearer " + key } : {} });
      if (!answer.ok || mine < answered) return;
      answered = mine;
      const found = (await answer.json()).suggestions;
      list.replaceChildren(...found.map(line));
      at = -1; list.hidden = !found.length; box.setAttribute("aria-expanded", String(found.length > 0));
    } catch { close(); }
  };
  box.addEventListener("compositionstart", () => { composing = true; });
  box.addEventListener("compositionend", () => { composing = false; ask(); });
  box.addEventListener("input", () => { if (composing) return; clearTimeout(timer); timer = setTimeout(ask, 60); });
  box.addEventListener("blur", () => setTimeout(close, 120));
  box.addEventListener("keydown", (event) => {
    if (list.hidden || composing) return;
    if (event.key === "ArrowDown") { event.preventDefault(); choose(at + 1); }
    else if (event.key === "ArrowUp") { event.preventDefault(); choose(at - 1); }
    else if (event.key === "Escape") { box.value = typed; close(); }
    else if (event.key === "Enter" && at >= 0 && list.children[at]) { event.preventDefault(); go(list.children[at]); }
  });
})();
