/* <script defer src="…/v1/daogou.js" data-key="dg_…"></script>; data-api: another service; data-consent="false" or the
   cookie dg_consent=no: nothing about the person is kept. Marks, with data-dg-request, -position, -surface beside or
   around them: data-dg-item (seen, clicked), -view, -search, -purchase with -value and -line, -price, -quantity inside,
   form data-dg-cart with a field item_id. Or call daogou.view, click, search, cart, purchase, send. */
(function (w, d) {
  "use strict";
  if (w.daogou) return;
  var tag = d.currentScript || {dataset: {}}, set = tag.dataset, BATCH = 20, queue = [], seen = {}, timer, user, token;
  var on = d.addEventListener.bind(d);
  var api = (set.api || (tag.src ? new URL(tag.src).origin : "")) + "/v1/events";

  function id() {
    return Array.from(crypto.getRandomValues(new Uint8Array(12)), function (byte) {
      return (byte + 256).toString(16).slice(1);
    }).join("");
  }
  function read(name) { return (d.cookie.match("(?:^|; )" + name + "=([^;]*)") || [])[1]; }
  function keep(name, value, seconds) {
    d.cookie = name + "=" + value + "; path=/; samesite=lax; max-age=" + seconds;
    return value;
  }
  var YEAR = 31536000, consent = read("dg_consent") !== "no" && set.consent !== "false";
  var client = consent && read("dg_client") || id();
  if (consent) keep("dg_client", client, YEAR);

  function send(event, fields) {
    var row = {event: event, event_id: id(), timestamp: new Date().toISOString(), client_id: client};
    if (consent) {
      row.session_id = keep("dg_session", read("dg_session") || id(), 1800);
      row.user_id = user;
    } else row.consent = false;
    for (var name in fields) if (fields[name] != null && fields[name] !== "") row[name] = fields[name];
    queue.push(row);
    clearTimeout(timer);
    timer = setTimeout(flush, queue.length < BATCH && event === "impression" ? 1000 : 50);
  }
  function flush() {
    clearTimeout(timer);
    while (queue.length) {
      var text = JSON.stringify({key: set.key, user_token: token, events: queue.splice(0, BATCH)});
      // text/plain needs no preflight, and a beacon outlives its page
      if (!navigator.sendBeacon || !navigator.sendBeacon(api, new Blob([text], {type: "text/plain"})))
        fetch(api, {method: "POST", body: text, keepalive: true, headers: {"Content-Type": "text/plain"}})
          .catch(function () {});
    }
  }
  function mark(element, name) {
    var at = element.closest("[data-dg-" + name + "]");
    return at && at.getAttribute("data-dg-" + name);
  }
  function number(text) { return +text || undefined; }
  function where(element, more) {
    return Object.assign({request_id: mark(element, "request"), surface: mark(element, "surface") || set.surface,
      position: number(mark(element, "position"))}, more);
  }
  function item(element) { return where(element, {item_id: mark(element, "item")}); }
  function each(root, name, act) {
    var found = "[data-dg-" + name + "]";
    if (root.matches && root.matches(found)) act(root);
    root.querySelectorAll(found).forEach(act);
  }
  var eye = w.IntersectionObserver && new IntersectionObserver(function (entries) {
    entries.forEach(function (entry) {
      var at = item(entry.target), name = at.request_id + "|" + at.item_id;
      if (!entry.isIntersecting) return;
      eye.unobserve(entry.target);
      if (!seen[name]) send("impression", at);
      seen[name] = 1;
    });
  }, {threshold: 0.5});

  function observe(root) {
    if (eye) each(root, "item", function (one) { eye.observe(one); });
    each(root, "view", function (one) { send("view_item", where(one, {item_id: mark(one, "view")})); });
    each(root, "search", function (one) {
      send("search", where(one, {query: mark(one, "search"), request_id: mark(one, "search-request")}));
    });
    each(root, "purchase", function (one) {
      var lines = [], order = mark(one, "purchase");
      each(one, "line", function (line) {
        lines.push({item_id: mark(line, "line"), price_minor: number(mark(line, "price")),
          quantity: number(mark(line, "quantity")) || 1});
      });
      // the same id when the page is loaded again
      send("purchase", where(one, {event_id: "order-" + order, order_id: order,
        value_minor: number(mark(one, "value")), items: lines}));
    });
  }
  function clicked(event) {
    var link = event.target.closest && event.target.closest("a"), at = link && item(link);
    // once for a double click; the middle button opens, the right one does not
    if (at && at.item_id && event.detail < 2 && event.button < 2) { send("click", at); flush(); }
  }
  on("click", clicked, true);
  on("auxclick", clicked, true);
  on("submit", function (event) {
    var form = event.target, field = form.elements.item_id;
    if (field && mark(form, "cart") != null) { w.daogou.cart(field.value, 1, where(form)); flush(); }
  });
  on("visibilitychange", flush);
  w.addEventListener("pagehide", flush);
  function one(event) { return function (item, more) { send(event, Object.assign({item_id: item}, more)); }; }
  w.daogou = {
    client: client, send: send, flush: flush, view: one("view_item"), click: one("click"),
    search: function (query, more) { send("search", Object.assign({query: query}, more)); },
    cart: function (item, quantity, more) {
      send("add_to_cart", Object.assign({items: [{item_id: item, quantity: quantity || 1}]}, more));
    },
    purchase: function (order) { send("purchase", order); flush(); },
    login: function (name, signed) { user = name; token = signed; send("login"); },
    consent: function (given) { consent = given; keep("dg_consent", given ? "yes" : "no", YEAR); }
  };
  function start() {
    observe(d);
    new MutationObserver(function (changes) {
      changes.forEach(function (change) {
        change.addedNodes.forEach(function (node) { if (node.nodeType === 1) observe(node); });
      });
    }).observe(d.body, {childList: true, subtree: true});
  }
  if (d.readyState === "loading") on("DOMContentLoaded", start); else start();
})(window, document);
