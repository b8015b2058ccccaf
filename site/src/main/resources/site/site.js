// The search of the site. It searches window.searchIndex, which search-index.js holds, and loads nothing.
(() => {
  "use strict";
  const MOST = 30;
  const form = document.getElementById("search");
  const query = document.getElementById("query");
  const results = document.getElementById("results");
  const root = document.documentElement.dataset.root;
  const chinese = document.documentElement.lang.startsWith("zh");
  const entries = window.searchIndex.map((entry) => ({
    ...entry,
    inPage: entry.page.toLowerCase(),
    inHeading: entry.heading.toLowerCase(),
    inText: entry.text.toLowerCase(),
  }));

  // Returns how well an entry fits, 0 if one of the words is missing.
  function score(entry, words) {
    let sum = 0;
    for (const word of words) {
      const found = (entry.inHeading.includes(word) ? 10 : 0)
        + (entry.inPage.includes(word) ? 4 : 0)
        + Math.min(5, entry.inText.split(word).length - 1);
      if (found === 0) return 0;
      sum += found;
    }
    return sum;
  }

  // Appends text to an element, with the words marked.
  function appendMarked(element, text, words) {
    const lower = text.toLowerCase();
    let from = 0;
    while (from < text.length) {
      let next = -1;
      let length = 0;
      for (const word of words) {
        const at = lower.indexOf(word, from);
        if (at >= 0 && (next < 0 || at < next)) [next, length] = [at, word.length];
      }
      if (next < 0) break;
      element.append(text.slice(from, next));
      const mark = document.createElement("mark");
      mark.textContent = text.slice(next, next + length);
      element.append(mark);
      from = next + length;
    }
    element.append(text.slice(from));
  }

  // Returns the part of the text around the first word.
  function excerpt(entry, words) {
    const first = Math.min(...words.map((word) => entry.inText.indexOf(word)).filter((at) => at >= 0));
    const from = Number.isFinite(first) ? Math.max(0, first - 60) : 0;
    return (from > 0 ? "… " : "") + entry.text.slice(from, from + 180) + (entry.text.length > from + 180 ? " …" : "");
  }

  function show() {
    const words = query.value.toLowerCase().split(/\s+/).filter((word) => word !== "");
    results.replaceChildren();
    if (words.length === 0) return;
    const found = entries
      .map((entry) => ({entry, points: score(entry, words)}))
      .filter(({points}) => points > 0)
      .sort((a, b) => b.points - a.points);
    for (const {entry} of found.slice(0, MOST)) {
      const link = document.createElement("a");
      link.href = root + entry.url;
      appendMarked(link, entry.heading === entry.page ? entry.page : entry.page + " › " + entry.heading, words);
      const text = document.createElement("small");
      appendMarked(text, excerpt(entry, words), words);
      link.append(text);
      results.append(link);
    }
    if (found.length === 0) {
      const nothing = document.createElement("p");
      nothing.textContent = chinese ? "没有结果" : "No results";
      results.append(nothing);
    }
  }

  query.addEventListener("input", show);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const first = results.querySelector("a");
    if (first) location.href = first.href;
  });
  results.addEventListener("click", () => results.replaceChildren());
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && document.activeElement !== query) {
      event.preventDefault();
      query.focus();
    } else if (event.key === "Escape") {
      query.value = "";
      results.replaceChildren();
    }
  });
  form.hidden = false;
})();
