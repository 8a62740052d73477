/* <script src="…/v1/daogou.js" data-key="dg_…" async></script>; data-api: another service; data-consent="false":
   nothing about the person is kept. [data-dg-item] elements are seen and clicked by themselves;
   data-dg-request, data-dg-position, data-dg-surface (on them or around) say where they were shown. */
(function (w, d) {
  "use strict";
  if (w.daogou) return;
  var tag = d.currentScript || {dataset: {}}, set = tag.dataset, BATCH = 20, L = "localStorage", S = "sessionStorage";
  var api = (set.api || (tag.src ? new URL(tag.src).origin : "")) + "/v1/events";
  var queue = [], timer = 0, seen = {}, user, token;

  function read(store, name) { try { return w[store].getItem(name); } catch (e) { return null; } }
  function write(store, name, value) { try { w[store].setItem(name, value); } catch (e) {} }
  function id() {
    return Array.from(crypto.getRandomValues(new Uint8Array(12)), function (byte) {
      return (byte + 256).toString(16).slice(1);
    }).join("");
  }
  var consent = (read(L, "dg_consent") || set.consent) !== "false";
  var client = consent && read(L, "dg_client") || id();
  if (consent) write(L, "dg_client", client);

  function session() { // of half an hour
    var now = Date.now(), held = (read(S, "dg_session") || "").split("|");
    var name = held[0] && now - held[1] < 18e5 ? held[0] : id();
    write(S, "dg_session", name + "|" + now);
    return name;
  }
  function send(event, fields) {
    var row = {event: event, event_id: id(), timestamp: new Date().toISOString(), client_id: client};
    if (consent) { row.session_id = session(); row.user_id = user; } else row.consent = false;
    for (var name in fields) if (fields[name] != null && fields[name] !== "") row[name] = fields[name];
    queue.push(row);
    clearTimeout(timer);
    timer = setTimeout(flush, queue.length < BATCH && event === "impression" ? 1000 : 50);
  }
  function flush() {
    clearTimeout(timer);
    while (queue.length) {
      var text = JSON.stringify({key: set.key, user_token: token, events: queue.splice(0, BATCH)});
      // text/plain needs no preflight, a beacon outlives its page
      if (!navigator.sendBeacon || !navigator.sendBeacon(api, new Blob([text], {type: "text/plain"})))
        fetch(api, {method: "POST", body: text, keepalive: true, headers: {"Content-Type": "text/plain"}})
          .catch(function () {});
    }
  }
  function where(element) {
    function of(name) {
      var at = element.closest("[data-dg-" + name + "]");
      return at && at.getAttribute("data-dg-" + name);
    }
    return {item_id: of("item"), request_id: of("request"), surface: of("surface"),
      position: +of("position") || null};
  }
  var eye = w.IntersectionObserver && new IntersectionObserver(function (entries) {
    entries.forEach(function (entry) {
      if (!entry.isIntersecting) return;
      eye.unobserve(entry.target);
      var at = where(entry.target), name = at.request_id + "|" + at.item_id;
      if (!seen[name]) { seen[name] = 1; send("impression", at); }
    });
  }, {threshold: 0.5});
  function observe(root) {
    if (!eye) return;
    if (root.matches && root.matches("[data-dg-item]")) eye.observe(root);
    root.querySelectorAll("[data-dg-item]").forEach(function (one) { eye.observe(one); });
  }
  function start() {
    observe(d);
    new MutationObserver(function (changes) {
      changes.forEach(function (change) {
        change.addedNodes.forEach(function (node) { if (node.nodeType === 1) observe(node); });
      });
    }).observe(d.body, {childList: true, subtree: true});
  }
  d.addEventListener("click", function (event) {
    var link = event.target.closest && event.target.closest("a"), at = link && where(link);
    if (at && at.item_id) { send("click", at); flush(); }
  }, true);
  d.addEventListener("visibilitychange", function () { if (d.visibilityState === "hidden") flush(); });
  w.addEventListener("pagehide", flush);

  function one(event) {
    return function (item, more) { send(event, Object.assign({item_id: item}, more)); };
  }
  w.daogou = {
    client: client, session: session, send: send, flush: flush,
    view: one("view_item"), click: one("click"), uncart: one("remove_from_cart"),
    wish: one("add_to_wishlist"), dislike: one("dislike"),
    search: function (query, more) { send("search", Object.assign({query: query}, more)); },
    cart: function (item, quantity, more) {
      send("add_to_cart", Object.assign({items: [{item_id: item, quantity: quantity || 1}]}, more));
    },
    checkout: function (items) { send("begin_checkout", {items: items}); },
    purchase: function (order) { send("purchase", order); flush(); },
    login: function (name, signed) { user = name; token = signed; send("login"); },
    consent: function (given) { consent = given; write(L, "dg_consent", String(given)); }
  };
  if (d.readyState === "loading") d.addEventListener("DOMContentLoaded", start); else start();
})(window, document);
