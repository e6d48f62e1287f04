// Tables: sorting, searching, pages of rows, and files of what is shown.

// Builds an element; children that are texts stay texts.
function element(name, attributes, ...children) {
  const made = document.createElement(name);
  Object.entries(attributes || {}).forEach(([key, value]) => {
    if (key === "click") made.addEventListener("click", value);
    else if (value === true) made.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(key, value);
  });
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

// A cell that a spreadsheet takes for a formula gets an apostrophe; numbers stay.
function safeCell(text) {
  const bare = text.replace(/^[\s\u200b\u2060\ufeff]+/, "");
  const number = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(bare.trim());
  return !number && (/^[=+\-@＝＋－＠]/.test(bare) || /^[\t\r]/.test(text)) ? `'${text}` : text;
}

function csvText(rows) {
  const cell = (value) => {
    const text = safeCell(String(value));
    return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
  };
  return rows.map((row) => `${row.map(cell).join(",")}\n`).join("");
}

function saveCsv(name, rows) {
  const blob = new Blob(["\ufeff", csvText(rows)], { type: "text/csv;charset=utf-8" });
  const link = element("a", { href: URL.createObjectURL(blob), download: `${name}.csv` });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

const plainly = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
const collator = new Intl.Collator("en-GB", { numeric: true, sensitivity: "base" });

// What is missing comes last, whichever way.
function compare(a, b, down) {
  const missing = (value) => value === null || value === "";
  if (missing(a) || missing(b)) return missing(a) - missing(b);
  const order = typeof a === "number" ? a - b : collator.compare(a, b);
  return down ? -order : order;
}

// Headings become buttons that sort; `sorted` is told the column and the way.
function sortable(headings, sorted) {
  headings.forEach((heading, place) => {
    const label = heading.textContent;
    heading.textContent = "";
    heading.setAttribute("aria-sort", "none");
    const button = element("button", { type: "button", class: "sort" }, label);
    button.append(element("span", { class: "way", "aria-hidden": "true" }));
    button.addEventListener("click", () => {
      const now = heading.getAttribute("aria-sort");
      const number = heading.classList.contains("number");
      const next = { ascending: "descending", descending: "ascending" }[now];
      const way = next || (number ? "descending" : "ascending");
      headings.forEach((other) => other.setAttribute("aria-sort", "none"));
      heading.setAttribute("aria-sort", way);
      sorted(place, way === "descending");
    });
    heading.append(button);
  });
}

// Gives a table that is in the page already its buttons.
function enhance(table) {
  const headings = [...table.tHead.rows[0].cells];
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const value = (row, place) => {
    const cell = row.cells[place];
    const own = cell.dataset.v;
    return own === undefined ? cell.textContent : own === "" ? null : Number(own);
  };
  sortable(headings, (place, down) => {
    rows.sort((a, b) => compare(value(a, place), value(b, place), down));
    body.append(...rows);
  });
  const name = table.dataset.name;
  const title = table.caption.textContent;
  const tools = element("div", { class: "tools" });
  if (rows.length > 6) {
    const search = element("input", { type: "search", "aria-label": `Search: ${title}`, placeholder: "Search" });
    const count = element("span", { class: "count", role: "status" });
    search.addEventListener("input", () => {
      const asked = plainly(search.value.trim());
      let shown = 0;
      rows.forEach((row) => {
        row.hidden = !plainly(row.textContent).includes(asked);
        shown += row.hidden ? 0 : 1;
      });
      count.textContent = asked ? `${shown} of ${rows.length} rows` : "";
    });
    tools.append(search, count);
  }
  const file = () => {
    const cells = (row) =>
      [...row.cells].map((cell) => (cell.dataset.raw === undefined ? cell.textContent : cell.dataset.raw));
    const head = headings.map((heading) => heading.textContent);
    const foot = table.tFoot ? [...table.tFoot.rows].map(cells) : [];
    saveCsv(name, [head, ...rows.filter((row) => !row.hidden).map(cells), ...foot]);
  };
  tools.append(element("button", { type: "button", class: "quiet", click: file, "aria-label": `Download CSV: ${title}` }, "Download CSV"));
  table.closest(".scroll").before(tools);
}

const PAGE = 50;

// The table of all sites: made here from the columns, a page of rows at a time.
function sitesTable(model, listeners) {
  const { sites } = model;
  const columns = sites.columns.filter((own) => own.table);
  const body = element("tbody", {});
  const head = element("tr", {});
  // On paper there is room for some columns only.
  const classes = (own) =>
    [own.value ? "number" : "", own.wide ? "wide" : "", own.brief || own.filter || own.value || own.wide ? "" : "screen", own.key_name === "region" || own.key_name === "rurality" ? "screen" : ""].join(" ").trim() || false;
  const names = [
    element("th", { scope: "col" }, "Site"),
    element("th", { scope: "col" }, "State"),
    ...columns.map((own) =>
      element("th", { scope: "col", class: classes(own) }, own.label),
    ),
  ];
  head.append(...names);
  const table = element(
    "table",
    { class: "sites" },
    element("caption", {}, "Sites, as filtered above the map"),
    element("thead", {}, head),
    body,
  );
  const scroll = element("div", { class: "scroll tall", tabindex: "0", role: "region", "aria-label": "Table of sites" }, table);
  let rows = [];
  let page = 0;
  let order = null;
  const key = (place) => {
    if (place === 0) return (i) => sites.name[i];
    if (place === 1) return (i) => sites.states[sites.state[i]].label;
    return columns[place - 2].key;
  };
  const previous = element("button", { type: "button", class: "quiet", click: () => turn(page - 1) }, "Previous");
  const next = element("button", { type: "button", class: "quiet", click: () => turn(page + 1) }, "Next");
  const where = element("span", { class: "count", role: "status" });
  const pages = element("nav", { class: "pages", "aria-label": "Pages of the table of sites" }, previous, where, next);

  function row(i) {
    const open = element("button", { type: "button", class: "link", click: () => listeners.open(i) }, sites.name[i]);
    const first = element("th", { scope: "row" }, open);
    if (sites.id[i] !== sites.name[i]) first.append(element("small", {}, sites.id[i]));
    const state = sites.states[sites.state[i]];
    const cells = columns.map((own) =>
      element("td", { class: classes(own) }, own.text(i)),
    );
    const label = element("td", { class: "state" }, listeners.swatch(state), state.label);
    const made = element("tr", { "data-site": i }, first, label, ...cells);
    if (listeners.selected() === i) made.classList.add("selected");
    return made;
  }

  function show() {
    const from = page * PAGE;
    const to = Math.min(rows.length, from + PAGE);
    body.replaceChildren(...rows.slice(from, to).map(row));
    previous.disabled = page === 0;
    next.disabled = to >= rows.length;
    where.textContent = rows.length
      ? `${grouped.format(from + 1)} to ${grouped.format(to)} of ${grouped.format(rows.length)} sites`
      : "No site fits the filters";
  }

  function turn(to) {
    page = Math.max(0, Math.min(to, Math.ceil(rows.length / PAGE) - 1));
    show();
    scroll.scrollTop = 0;
  }

  function refresh() {
    rows = [];
    for (let i = 0; i < sites.count; i += 1) if (sites.shown[i]) rows.push(i);
    if (order) {
      const own = key(order.place);
      rows.sort((a, b) => compare(own(a), own(b), order.down) || a - b);
    }
    page = 0;
    show();
  }

  sortable(names, (place, down) => {
    order = { place, down };
    refresh();
  });
  const file = () => {
    const heads = ["id", "name", "state", ...sites.columns.map((own) => own.label)];
    const cells = (i) => [sites.id[i], sites.name[i], sites.states[sites.state[i]].label, ...sites.columns.map((own) => own.raw(i))];
    saveCsv("sites", [heads, ...rows.map(cells)]);
  };
  const tools = element(
    "div",
    { class: "tools" },
    element("button", { type: "button", class: "quiet", click: file, "aria-label": "Download CSV: sites as filtered" }, "Download CSV"),
  );
  document.getElementById("sites-here").replaceChildren(tools, scroll, pages);
  // The place of the heading that sorts by patients, if any: the largest first is what people look for.
  const largest = columns.findIndex((own) => own.key_name === "coverage");
  if (largest >= 0) {
    order = { place: largest + 2, down: true };
    names[largest + 2].setAttribute("aria-sort", "descending");
  }
  return {
    refresh,
    mark() {
      [...body.rows].forEach((own) =>
        own.classList.toggle("selected", Number(own.dataset.site) === listeners.selected()),
      );
    },
    // Turns to the page that holds a site and goes to its row.
    goTo(i) {
      const place = rows.indexOf(i);
      if (place < 0) return false;
      turn(Math.floor(place / PAGE));
      const own = body.querySelector(`[data-site="${i}"]`);
      own.scrollIntoView({ block: "center" });
      own.querySelector("button").focus({ preventScroll: true });
      return true;
    },
  };
}
