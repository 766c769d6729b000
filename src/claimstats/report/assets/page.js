"use strict";
(() => {
  const THEME_KEY = "claimstats-theme";
  // What fits between the margins of both A4 and Letter, in CSS pixels, with a headline above.
  const PRINT_WIDTH = 680;
  const PRINT_HEIGHT = 800;
  const PRINT_COLUMNS = 9;
  const CONTENTS_MARGIN = 16;
  const CONFIG = {
    displayModeBar: false,
    displaylogo: false,
    responsive: true,
    showSendToCloud: false,
    typesetMath: false,
  };
  // A cell that begins like a formula is one to a spreadsheet, also behind spaces and marks that are
  // not seen. The same rule as FORMULA in forms/text.py.
  const FORMULA =
    /^(?:[\u0000-\u0020\u007f-\u00a0\u00ad\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n])/;

  const root = document.documentElement;
  const darkSystem = matchMedia("(prefers-color-scheme: dark)");
  const narrowPage = matchMedia("(max-width: 37.5rem)");
  const paper = matchMedia("print");
  let printing = false;
  let plots = [];
  let charts = {};

  /* Theme: the reader's choice, else the page's own, else the system's. */

  function remembered() {
    try {
      return localStorage.getItem(THEME_KEY);
    } catch {
      return null;
    }
  }

  function remember(theme) {
    try {
      localStorage.setItem(THEME_KEY, theme);
    } catch {
      // A page without storage forgets the choice.
    }
  }

  function ownTheme() {
    const theme = root.dataset.ownTheme;
    return theme === "light" || theme === "dark" ? theme : darkSystem.matches ? "dark" : "light";
  }

  function showTheme(theme) {
    root.dataset.theme = theme;
    document.getElementById("theme-switch")?.setAttribute("aria-pressed", String(theme === "dark"));
    drawAll();
  }

  /* Charts: the specification as it stands, with its parts for dark and narrow pages laid over. */

  function overlay(base, over) {
    if (over === null || typeof over !== "object" || Array.isArray(over)) return over;
    const merged = { ...base };
    for (const [key, value] of Object.entries(over)) merged[key] = overlay(merged[key] ?? {}, value);
    return merged;
  }

  function recolour(value, colours) {
    if (typeof value === "string") return colours[value] ?? value;
    if (Array.isArray(value)) return value.map((part) => recolour(part, colours));
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, part]) => [key, key === "meta" ? part : recolour(part, colours)]),
    );
  }

  function specFor(plot) {
    let { data, layout } = charts[plot.dataset.chart];
    const { dark = {}, narrow = {} } = layout.meta ?? {};
    if (narrowPage.matches && !printing) layout = overlay(layout, narrow);
    if (root.dataset.theme === "dark" && !printing) {
      data = recolour(data, dark);
      layout = recolour(layout, dark);
    }
    const zoom = printing ? Math.min(1, PRINT_HEIGHT / layout.height) : 1;
    const width = printing ? PRINT_WIDTH / zoom : plot.clientWidth;
    layout = { ...layout, width, autosize: !printing };
    return { data, layout, zoom };
  }

  async function draw(plot) {
    const { data, layout, zoom } = specFor(plot);
    plot.style.minHeight = `${layout.height}px`;
    plot.style.zoom = "";
    const drawn = Plotly.react(plot, data, layout, CONFIG);
    plot.style.zoom = zoom === 1 ? "" : zoom;
    await drawn;
  }

  function drawAll() {
    return Promise.all(plots.map(draw));
  }

  // Base 85 with the letters of RFC 1924, but for "<", which could begin a tag.
  const LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;,=>?@^_`{|}~";

  function bytesOf(text) {
    const digits = new Uint8Array(128);
    for (let k = 0; k < LETTERS.length; k++) digits[LETTERS.charCodeAt(k)] = k;
    const lacking = (5 - (text.length % 5)) % 5;
    const whole = text + LETTERS[84].repeat(lacking);
    const bytes = new Uint8Array((whole.length / 5) * 4);
    const words = new DataView(bytes.buffer);
    for (let k = 0, at = 0; k < whole.length; k += 5, at += 4) {
      let word = 0;
      for (let j = k; j < k + 5; j++) word = word * 85 + digits[whole.charCodeAt(j)];
      words.setUint32(at, word);
    }
    return bytes.subarray(0, bytes.length - lacking);
  }

  async function unpacked(element) {
    const stream = new Blob([bytesOf(element.textContent)]).stream();
    return new Response(stream.pipeThrough(new DecompressionStream("gzip")));
  }

  async function loadPlotly() {
    const packed = document.getElementById("plotly-js");
    const source = await (await unpacked(packed)).arrayBuffer();
    packed.remove();
    const address = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
    try {
      await new Promise((resolve, reject) => {
        const script = Object.assign(document.createElement("script"), { src: address });
        script.onload = resolve;
        script.onerror = () => reject(new Error("plotly.js was refused"));
        document.head.append(script);
      });
    } finally {
      URL.revokeObjectURL(address);
    }
  }

  let turn = 0;

  async function drawFresh() {
    const mine = ++turn; // a later switch draws other charts: this one then stops
    plots = [];
    const found = [...document.querySelectorAll(".plot")];
    for (const plot of found) {
      plot.classList.add("waiting");
      plot.style.minHeight = `${specFor(plot).layout.height}px`;
    }
    for (const plot of found) {
      await draw(plot);
      if (mine !== turn) return;
      plots = [...plots, plot];
      plot.classList.remove("waiting");
    }
    for (const button of document.querySelectorAll("[data-png]")) button.hidden = false;
  }

  async function startCharts() {
    try {
      charts = await (await unpacked(document.getElementById("charts"))).json();
      await startSwitch();
      if (document.querySelector(".plot")) await loadPlotly();
      await drawFresh();
      root.dataset.charts = "drawn";
    } catch (error) {
      console.error(error);
      root.dataset.charts = "failed";
      document.getElementById("switch")?.remove();
      for (const plot of [...document.querySelectorAll(".plot")].filter((one) => !plots.includes(one))) {
        plot.style.minHeight = "";
        plot.classList.add("failed");
        plot.textContent = document.body.dataset.noCharts;
      }
    }
  }

  /* Variants: the same report about some of the claims, computed before and packed in the page. */

  let variants = { keys: [] };
  let everything = null;
  let shown = "";

  function whatStands() {
    const sections = [...document.querySelectorAll(".finding")].map((section) => [
      section.id,
      {
        body: section.querySelector(".body").innerHTML,
        chart: charts[section.id],
        asked: section.querySelector(".asked")?.innerHTML ?? "",
        sql: document.getElementById(`${section.id}-sql`).textContent,
      },
    ]);
    return { glance: document.getElementById("glance").innerHTML, sections: Object.fromEntries(sections) };
  }

  function variant(key) {
    const place = variants.keys.indexOf(key);
    if (place < 0) return everything;
    const ownOf = (lists) => Object.fromEntries(Object.entries(lists).map(([name, list]) => [name, list[place]]));
    const sections = Object.entries(variants.sections).map(([id, lists]) => [id, ownOf(lists)]);
    return { glance: variants.glance[place], sections: Object.fromEntries(sections) };
  }

  function show(key) {
    shown = key;
    const { glance, sections } = variant(key);
    for (const plot of plots) Plotly.purge(plot);
    plots = [];
    document.getElementById("glance").innerHTML = glance;
    for (const [id, { body, chart, asked, sql }] of Object.entries(sections)) {
      const section = document.getElementById(id);
      charts[id] = chart;
      section.querySelector(".body").innerHTML = body;
      const words = section.querySelector(".asked");
      if (words) words.innerHTML = asked;
      document.getElementById(`${id}-sql`).textContent = sql;
    }
    showButtons();
  }

  function decoded(text) {
    try {
      return decodeURIComponent(text);
    } catch {
      return "";  // no address of this page
    }
  }

  // The address says what is shown and where: #time_to_resolution, or #program=amazon_atoz&at=...
  function readHash() {
    const hash = decoded(location.hash.slice(1));
    const [key, at = ""] = hash.split("&at=");
    if (variants.keys.includes(key)) return { key, at };
    return { key: "", at: key.includes("=") ? at : hash };
  }

  function writeHash(at) {
    const hash = shown ? `${encodeURIComponent(shown).replace("%3D", "=")}${at && `&at=${at}`}` : at;
    history.replaceState(null, "", `#${hash}`);
  }

  async function startSwitch() {
    const select = document.querySelector("#switch select");
    if (!select) return;
    variants = await (await unpacked(document.getElementById("variants"))).json();
    everything = whatStands();
    const turnTo = (key, at) => {
      select.value = key;
      show(key);
      document.getElementById(at)?.scrollIntoView();
    };
    const { key, at } = readHash();
    if (key) turnTo(key, at);
    else if (location.hash.includes("=")) writeHash(at); // the address says what is shown
    select.parentElement.hidden = false;
    const switched = async () => {
      announce(`${document.body.dataset.shown}: ${select.selectedOptions[0].textContent.trim()}`);
      if (globalThis.Plotly) await drawFresh();
    };
    select.addEventListener("change", async () => {
      show(select.value);
      writeHash(readHash().at);
      await switched();
    });
    addEventListener("hashchange", async () => {
      const { key: asked, at: place } = readHash();
      if (location.hash.includes("=") ? asked !== shown : !location.hash && shown) {
        turnTo(asked, "");
        writeHash(place);
        await switched();
        document.getElementById(place)?.scrollIntoView({ behavior: "instant" }); // where the charts leave it
      } else if (document.getElementById(place)) {
        document.getElementById(place).scrollIntoView();
        writeHash(place);
      }
    });
  }

  /* Paper: light colours, a fixed width, methods unfolded, wide tables in pieces; then as before. */

  // Each piece has the columns of text that lead the table, which say what a row is.
  function pieces(table) {
    const heads = [...table.tHead.rows[0].cells];
    const numeric = heads.findIndex((head) => head.classList.contains("number"));
    const lead = Math.min(Math.max(numeric, 1), 3);
    const rest = heads.length - lead;
    const n = Math.ceil(rest / (PRINT_COLUMNS - lead));
    const each = Math.ceil(rest / n);
    return Array.from({ length: n }, (_, k) => {
      const piece = table.cloneNode(true);
      piece.removeAttribute("id");
      piece.className = "piece";
      const [from, to] = [lead + k * each, lead + (k + 1) * each];
      for (const row of piece.rows) {
        const others = [...row.cells].filter((_, at) => at >= lead && (at < from || at >= to));
        for (const cell of others) cell.remove();
      }
      return piece;
    });
  }

  function setPieces(now) {
    for (const piece of document.querySelectorAll(".piece")) piece.remove();
    if (!now) return;
    for (const table of document.querySelectorAll("table.wide")) table.after(...pieces(table));
  }

  function setPrinting(now) {
    if (printing === now) return;
    printing = now;
    setPieces(now);
    for (const method of document.querySelectorAll("details.method")) {
      if (now) method.dataset.wasOpen = method.open;
      method.open = now || method.dataset.wasOpen === "true";
    }
    drawAll();
  }

  /* Buttons */

  function announce(text) {
    document.getElementById("announcer").textContent = text;
  }

  function save(blob, name) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  }

  function quoted(text) {
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  }

  function harmless(text) {
    return FORMULA.test(text) ? `'${text}` : text;
  }

  function csvCell(cell) {
    return quoted(cell.dataset.v ?? harmless(cell.dataset.c ?? cell.textContent));
  }

  function csvOf(table) {
    const heads = [...table.tHead.rows[0].cells].map((cell) => quoted(harmless(cell.dataset.name)));
    const rows = [...table.tBodies[0].rows].filter((row) => row.cells.length === heads.length);
    const lines = rows.map((row) => [...row.cells].map(csvCell).join(","));
    return `\ufeff${[heads.join(","), ...lines].join("\r\n")}\r\n`;
  }

  function saveCsv(button) {
    const table = document.getElementById(button.dataset.csv);
    save(new Blob([csvOf(table)], { type: "text/csv;charset=utf-8" }), `${table.id}.csv`);
  }

  function savePng(button) {
    const plot = document.getElementById(button.dataset.png);
    const { width, height } = plot.getBoundingClientRect();
    Plotly.downloadImage(plot, { format: "png", scale: 2, width, height, filename: plot.id });
  }

  function select(node) {
    const range = document.createRange();
    range.selectNodeContents(node);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
  }

  async function copy(button) {
    const source = document.getElementById(button.dataset.copy);
    const { copied, notCopied } = document.body.dataset;
    try {
      await navigator.clipboard.writeText(source.textContent);
      answer(button, copied);
    } catch {
      select(source);
      answer(button, notCopied);
    }
  }

  function answer(button, text) {
    const before = [...button.childNodes];
    announce(text);
    button.disabled = true;
    button.replaceChildren(text);
    setTimeout(() => {
      button.replaceChildren(...before);
      button.disabled = false;
    }, 2000);
  }

  // What a column means stands once in a section, below; a pointer finds it on the column too.
  function explainColumns() {
    for (const meaning of document.querySelectorAll(".meanings [data-column]")) {
      const table = document.getElementById(`${meaning.closest(".finding").id}-table`);
      const head = table.querySelector(`th[data-name="${CSS.escape(meaning.dataset.column)}"]`);
      if (head) head.title = meaning.querySelector("span").textContent;
    }
  }

  function showButtons() {
    explainColumns();
    for (const button of document.querySelectorAll("[data-csv], [data-copy], #theme-switch")) {
      button.hidden = false;
    }
  }

  function startButtons() {
    showButtons();
    document.addEventListener("click", ({ target }) => {
      const button = target.closest("button");
      if (!button) return;
      if (button.dataset.csv) saveCsv(button);
      if (button.dataset.png) savePng(button);
      if (button.dataset.copy) copy(button);
      if (button.id === "theme-switch") {
        const theme = root.dataset.theme === "dark" ? "light" : "dark";
        remember(theme);
        showTheme(theme);
      }
    });
  }

  /* Contents: mark the section that is being read. */

  function startContents() {
    const links = new Map(
      [...document.querySelectorAll(".contents a")].map((link) => [link.hash.slice(1), link]),
    );
    const places = [...links.keys()].map((id) => document.getElementById(id));
    const list = document.querySelector(".contents ul");
    let marked = null;
    const mark = () => {
      const passed = places.filter((place) => place.getBoundingClientRect().top < innerHeight / 3);
      const here = passed.at(-1) ?? places[0];
      for (const [id, link] of links) {
        if (id === here.id) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
      }
      // On a narrow page the contents are one line that scrolls sideways.
      if (here !== marked) list.scrollTo({ left: links.get(here.id).offsetLeft - list.offsetLeft - CONTENTS_MARGIN });
      marked = here;
    };
    addEventListener("scroll", mark, { passive: true });
    mark();
  }

  root.dataset.theme = remembered() ?? ownTheme();
  darkSystem.addEventListener("change", () => remembered() ?? showTheme(ownTheme()));
  narrowPage.addEventListener("change", drawAll);
  paper.addEventListener("change", ({ matches }) => setPrinting(matches));
  addEventListener("beforeprint", () => setPrinting(true));
  addEventListener("afterprint", () => setPrinting(false));
  document.addEventListener("DOMContentLoaded", () => {
    showTheme(root.dataset.theme);
    startButtons();
    startContents();
    startCharts();
  });
})();
