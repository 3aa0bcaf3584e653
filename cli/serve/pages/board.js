// The dashboard without this script is whole: it tells times as people do, saves a click, and keeps lists fresh.
"use strict";
(() => {
  const steps = [[60, "second"], [60, "minute"], [24, "hour"], [7, "day"], [4.35, "week"], [12, "month"], [Infinity, "year"]];
  const words = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
  const say = (time) => {
    let amount = (new Date(time.dateTime) - Date.now()) / 1000;
    for (const [size, name] of steps) {
      if (Math.abs(amount) < size) return words.format(Math.round(amount), name);
      amount /= size;
    }
  };
  const tell = (root) => {
    for (const time of root.querySelectorAll("time")) {
      if (!time.title) time.title = time.textContent;
      time.textContent = say(time);
    }
  };
  tell(document);

  for (const form of document.querySelectorAll("form.filter")) {
    form.addEventListener("change", (event) => {
      if (event.target.type !== "search") form.requestSubmit();
    });
  }
  document.addEventListener("keydown", (event) => {
    const search = document.querySelector("input[type=search]");
    if (event.key === "/" && search && !event.target.matches("input, textarea, select")) {
      event.preventDefault();
      search.focus();
    }
  });

  // What is live is fetched again, unless somebody is at work in it or does not look.
  const refresh = async () => {
    const live = document.querySelector("[data-live]");
    if (!live || document.hidden || live.contains(document.activeElement) || live.querySelector("details[open]")) return;
    const answer = await fetch(location.href, { redirect: "error" });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[data-live]");
    if (!fresh) return;
    tell(fresh);
    live.replaceWith(fresh);
  };
  setInterval(() => refresh().catch(() => {}), 10000);
})();
