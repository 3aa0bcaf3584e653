// Search, filter and fold. Everything is in the page already; this only hides and shows.
"use strict";
(() => {
  const rows = [...document.querySelectorAll(".findings > li")].map((row) => ({
    row,
    box: row.querySelector("details"),
    severity: row.dataset.severity,
    isAllowed: row.dataset.allowed === "yes",
    text: row.textContent.toLowerCase(),
  }));
  const form = document.querySelector(".filter");
  if (!form) return;
  const field = (name) => form.elements.namedItem(name);
  const many = 8; // more are folded at first

  const apply = () => {
    const words = field("search").value.toLowerCase().split(/\s+/).filter(Boolean);
    const severities = new Set([...form.querySelectorAll("[name=severity]:checked")].map((box) => box.value));
    const allowed = field("allowed");
    let shown = 0;
    for (const it of rows) {
      const fits = severities.has(it.severity) && (!it.isAllowed || !allowed || allowed.checked) &&
        words.every((word) => it.text.includes(word));
      it.row.hidden = !fits;
      shown += fits;
    }
    field("count").value = shown === rows.length ? `${shown} findings` : `${shown} of ${rows.length} findings`;
  };
  const fold = (isOpen) => {
    for (const it of rows) it.box.open = isOpen;
    field("fold").textContent = isOpen ? "Fold all" : "Unfold all";
  };
  const follow = () => {
    const target = location.hash && document.getElementById(location.hash.slice(1));
    const it = target && rows.find((other) => other.row === target);
    if (!it) return;
    it.row.hidden = false;
    it.box.open = true;
    target.scrollIntoView();
  };

  form.hidden = false;
  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  field("fold").addEventListener("click", () => fold(!rows.some((it) => it.box.open)));
  document.addEventListener("keydown", (event) => {
    const isTyping = event.target.matches("input, textarea, select");
    if (event.key === "/" && !isTyping) {
      event.preventDefault();
      field("search").focus();
    } else if (event.key === "Escape" && event.target === field("search")) {
      field("search").value = "";
      apply();
    }
  });
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = rows.filter((it) => !it.box.open);
    for (const it of folded) it.box.open = true;
  });
  addEventListener("afterprint", () => {
    for (const it of folded) it.box.open = false;
  });
  addEventListener("hashchange", follow);
  fold(rows.length <= many);
  apply();
  follow();
})();
