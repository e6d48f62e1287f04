// Puts the page together: reads its data, and joins map, filters, search and tables.

function readModel(data) {
  const { sites: s, exchanges: e, spans: p } = data;
  const count = s.id.length;
  const sites = {
    count,
    id: s.id,
    name: s.name,
    at: places(s.at, count),
    states: s.states,
    state: list(s.state, count, "unsigned"),
    last: s.last ? list(s.last, count, "unsigned").map((own) => own - 1) : null,
    columns: s.columns.map((own) => column(own, count)),
    shown: new Uint8Array(count).fill(1),
    size: new Float64Array(count),
  };
  const weights = sites.columns.find((own) => own.key_name === "coverage");
  if (weights) {
    const most = weights.value.reduce((a, b) => Math.max(a, b || 0), 0) || 1;
    sites.size = Float64Array.from(weights.value, (own) => Math.sqrt((own || 0) / most));
  }
  const exchanges = {
    count: e.id.length,
    id: e.id,
    name: e.name,
    at: places(e.at, e.id.length),
    used: list(e.used, e.id.length, "unsigned"),
    columns: e.columns.map((own) => column(own, e.id.length)),
  };
  const spans = {
    count: p.count,
    lines: lines(p.lines, p.count),
    before: p.before ? list(p.before, p.count, "unsigned").map((own, i) => (own ? i - own : -1)) : null,
    columns: p.columns.map((own) => column(own, p.count)),
    shown: new Uint8Array(p.count).fill(1),
  };
  ["west", "east", "north", "south"].forEach((side) => {
    spans[side] = new Float64Array(p.count);
  });
  for (let i = 0; i < p.count; i += 1) {
    const x = spans.lines.x.subarray(spans.lines.first[i], spans.lines.first[i + 1]);
    const y = spans.lines.y.subarray(spans.lines.first[i], spans.lines.first[i + 1]);
    let [w, east, n, south] = [Infinity, -Infinity, Infinity, -Infinity];
    for (let k = 0; k < x.length; k += 1) {
      w = Math.min(w, x[k]);
      east = Math.max(east, x[k]);
      n = Math.min(n, y[k]);
      south = Math.max(south, y[k]);
    }
    [spans.west[i], spans.east[i], spans.north[i], spans.south[i]] = [w, east, n, south];
  }
  spans.modes = spans.columns.filter((own) => own.colour);
  const network = data.network.map(level);
  let middle = 0;
  sites.at.degrees.forEach((at) => {
    middle += at[0] / count;
  });
  return {
    sites,
    exchanges,
    spans,
    network,
    mode: 0,
    showNetwork: true,
    showExchanges: true,
    // A degree northward is this much longer on the map than one eastward.
    northing: 1 / Math.max(0.05, Math.cos((middle * Math.PI) / 180)),
  };
}

function start() {
  const began = performance.now();
  const data = JSON.parse(document.getElementById("data").textContent);
  const model = readModel(data);
  const { sites, exchanges, spans } = model;
  const byId = (id) => document.getElementById(id);
  const detail = byId("detail");
  const hiddenStates = new Set();
  const chosen = new Map();
  let selected = null;
  let shownMap = null;
  let table = null;

  // A small picture of a mark or a line, as the map draws it.
  function swatch(kind, line) {
    const picture = element("canvas", { class: "swatch", width: line ? 60 : 36, height: 36, "aria-hidden": "true" });
    const paint = () => {
      const context = picture.getContext("2d");
      const colours = palette();
      context.setTransform(2, 0, 0, 2, 0, 0);
      context.clearRect(0, 0, 40, 20);
      if (line) {
        context.beginPath();
        context.moveTo(2, 9);
        context.lineTo(28, 9);
        context.setLineDash(kind.dash.map((d) => d * 0.8));
        context.lineWidth = kind.width || 3;
        context.strokeStyle = kind.net ? colours.net : tone(colours, kind.tone);
        context.stroke();
      } else {
        paintMark(context, colours, kind, kind.ink ? colours.ink : tone(colours, kind.tone), 9, 9, 5.5);
      }
    };
    picture.repaint = paint;
    paint();
    return picture;
  }

  // What there is to say of a thing: pairs of a word and a text.
  function facts(thing) {
    const from = { site: sites, exchange: exchanges, span: spans }[thing.kind];
    const own = from.columns.map((one) => [one.label, one.text(thing.place)]);
    return own.filter(([, text]) => text !== "");
  }

  function titleOf(thing) {
    if (thing.kind === "span") return "Span";
    const from = thing.kind === "site" ? sites : exchanges;
    return from.name[thing.place];
  }

  function stateOf(thing) {
    return thing.kind === "site" ? sites.states[sites.state[thing.place]].label : "";
  }

  function words(thing) {
    if (thing.kind === "span") {
      return spans.columns.filter((own) => own.brief).map((own) => own.text(thing.place)).filter(Boolean).join(" · ");
    }
    const from = thing.kind === "site" ? sites : exchanges;
    const brief = from.columns.filter((own) => own.brief).map((own) => own.text(thing.place)).filter(Boolean);
    const state = thing.kind === "site" ? stateOf(thing) : exchanges.used[thing.place] ? "exchange" : "exchange, not used";
    return [from.name[thing.place], state, ...brief].join(" · ");
  }

  function showDetail() {
    if (!selected) {
      detail.replaceChildren(element("p", { class: "hint" }, "Choose a site, an exchange or a span on the map, or find a site by name or code: what was decided about it appears here."));
      return;
    }
    const list = element("dl", {});
    facts(selected).forEach(([word, text]) => list.append(element("dt", {}, word), element("dd", {}, text)));
    const kind = { site: "Site", exchange: "Exchange", span: "Span" }[selected.kind];
    const from = selected.kind === "site" ? sites : exchanges;
    const id = selected.kind === "span" ? "" : from.id[selected.place];
    const heading = element("h3", {}, titleOf(selected));
    const under = element("p", { class: "under" });
    if (selected.kind === "site") under.append(swatch(sites.states[sites.state[selected.place]]));
    under.append([stateOf(selected) || kind, id !== titleOf(selected) ? id : ""].filter(Boolean).join(" · "));
    const buttons = element("p", { class: "buttons" });
    if (selected.kind === "site") {
      const { place } = selected;
      buttons.append(element("button", { type: "button", class: "quiet", click: () => table.goTo(place) }, "Show in the table"));
    }
    buttons.append(element("button", { type: "button", class: "quiet", click: () => select(null) }, "Clear"));
    detail.replaceChildren(heading, under, list, buttons);
  }

  function select(thing, show) {
    selected = thing;
    if (thing && thing.kind === "site" && !sites.shown[thing.place]) clearFilters();
    shownMap.select(thing, show);
    showDetail();
    table.mark();
  }

  // Which sites and spans are drawn.
  function filter() {
    const tests = [];
    chosen.forEach((value, own) => tests.push([own, value]));
    const fits = (own, value, i) =>
      own.sets ? own.sets[own.place[i]].includes(value) : own.place[i] === value;
    const ofSites = tests.filter(([own]) => sites.columns.includes(own));
    let shown = 0;
    for (let i = 0; i < sites.count; i += 1) {
      const good = !hiddenStates.has(sites.state[i]) && ofSites.every(([own, value]) => fits(own, value, i));
      sites.shown[i] = good ? 1 : 0;
      shown += good;
    }
    let drawn = 0;
    if (!ofSites.length || !sites.last) {
      spans.shown.fill(ofSites.length && !sites.last ? 0 : 1);
    } else {
      // The routes of what is shown.
      spans.shown.fill(0);
      for (let i = 0; i < sites.count; i += 1) {
        if (!sites.shown[i]) continue;
        for (let k = sites.last[i]; k >= 0 && !spans.shown[k]; k = spans.before[k]) spans.shown[k] = 1;
      }
    }
    tests.forEach(([own, value]) => {
      const same = spans.columns.find((one) => one.key_name === own.key_name && one.values);
      if (!same) return;
      const label = (own.members || own.values)[value];
      const there = (same.members || same.values).indexOf(label);
      for (let i = 0; i < spans.count; i += 1) {
        if (spans.shown[i] && !(there >= 0 && fits(same, there, i))) spans.shown[i] = 0;
      }
    });
    for (let i = 0; i < spans.count; i += 1) drawn += spans.shown[i];
    byId("count").textContent =
      `${grouped.format(shown)} of ${grouped.format(sites.count)} sites and ` +
      `${grouped.format(drawn)} of ${grouped.format(spans.count)} spans are shown`;
    byId("clear").disabled = !chosen.size && !hiddenStates.size;
    if (shownMap) shownMap.repaint();
    if (table) table.refresh();
  }

  function clearFilters() {
    hiddenStates.clear();
    chosen.clear();
    document.querySelectorAll("#filters select").forEach((own) => {
      own.value = "";
    });
    document.querySelectorAll("#legend input[data-state]").forEach((own) => {
      own.checked = true;
    });
    filter();
  }

  function buildFilters() {
    sites.columns.filter((own) => own.filter).forEach((own) => {
      const options = (own.members || own.values.map((_, place) => own.label_of(place))).map((label, place) => ({
        label: label || "not given",
        place,
      }));
      if (options.length < 2) return;
      options.sort((a, b) => (own.ordered ? a.place - b.place : collator.compare(a.label, b.label)));
      const choice = element("select", {}, element("option", { value: "" }, "All"));
      options.forEach(({ label, place }) => choice.append(element("option", { value: place }, label)));
      choice.addEventListener("change", () => {
        if (choice.value === "") chosen.delete(own);
        else chosen.set(own, Number(choice.value));
        filter();
      });
      byId("filters").append(element("label", {}, element("span", {}, own.label), choice));
    });
    const clear = element("button", { type: "button", class: "quiet", id: "clear", click: clearFilters }, "Clear filters");
    byId("filters").append(clear);
  }

  function buildLegend() {
    const legend = byId("legend");
    const marks = element("fieldset", {}, element("legend", {}, "Sites"));
    const tally = sites.states.map(() => 0);
    sites.state.forEach((state) => {
      tally[state] += 1;
    });
    sites.states.forEach((state, place) => {
      if (!tally[place]) return;
      const box = element("input", { type: "checkbox", checked: true, "data-state": place });
      box.addEventListener("change", () => {
        if (box.checked) hiddenStates.delete(place);
        else hiddenStates.add(place);
        filter();
      });
      marks.append(element("label", {}, box, swatch(state), `${state.label} (${grouped.format(tally[place])})`));
    });
    const others = element("fieldset", {}, element("legend", {}, "Also"));
    const toggle = (label, picture, key) => {
      const box = element("input", { type: "checkbox", checked: true });
      box.addEventListener("change", () => {
        model[key] = box.checked;
        shownMap.repaint();
      });
      others.append(element("label", {}, box, picture, label));
    };
    if (exchanges.count) toggle("Exchanges (hollow: not used)", swatch({ mark: "up", ink: true }), "showExchanges");
    if (model.network.length) toggle(model.network[model.network.length - 1].grid > 1 ? "Routes that could be built, roughly" : "Routes that could be built", swatch({ dash: [], net: true, width: 1.5 }, true), "showNetwork");
    const lineKey = element("fieldset", { id: "line-key" }, element("legend", {}, "Spans built"));
    if (spans.modes.length > 1) {
      const choice = element("select", { id: "colour", "aria-label": "Colour of the spans by" });
      spans.modes.forEach((own, place) => choice.append(element("option", { value: place }, `by ${own.label.toLowerCase()}`)));
      choice.addEventListener("change", () => {
        model.mode = Number(choice.value);
        keys();
        shownMap.repaint();
      });
      lineKey.append(choice);
    }
    const box = element("div", {});
    lineKey.append(box);
    function keys() {
      const mode = spans.modes[model.mode];
      const used = mode ? mode.values.map(() => 0) : [];
      if (mode) mode.place.forEach((own) => { used[own] += 1; });
      const rows = used.map((number, place) =>
        number
          ? element("p", {}, swatch({ dash: DASHES[place % DASHES.length], tone: mode.tones[place] }, true), mode.label_of(place) || "not given")
          : null,
      );
      box.replaceChildren(...rows.filter(Boolean));
    }
    keys();
    legend.append(marks);
    if (spans.count) legend.append(lineKey);
    if (others.children.length > 1) legend.append(others);
  }

  // Finds sites and exchanges by name or code: a box with a list beneath, as the arrow keys expect.
  function buildSearch() {
    const box = byId("find");
    const found = byId("found");
    const said = byId("found-count");
    const known = [];
    [["site", sites], ["exchange", exchanges]].forEach(([kind, from]) => {
      for (let i = 0; i < from.count; i += 1) {
        known.push({ kind, place: i, id: plainly(from.id[i]), name: plainly(from.name[i]) });
      }
    });
    let hits = [];
    let at = -1;
    const close = () => {
      found.hidden = true;
      box.setAttribute("aria-expanded", "false");
      box.removeAttribute("aria-activedescendant");
      at = -1;
    };
    const take = (hit) => {
      box.value = titleOf(hit);
      close();
      select({ kind: hit.kind, place: hit.place }, true);
    };
    const point = (to) => {
      at = to;
      [...found.children].forEach((row, place) => row.setAttribute("aria-selected", place === at ? "true" : "false"));
      if (at >= 0) {
        box.setAttribute("aria-activedescendant", `hit-${at}`);
        found.children[at].scrollIntoView({ block: "nearest" });
      } else box.removeAttribute("aria-activedescendant");
    };
    box.addEventListener("input", () => {
      const asked = plainly(box.value.trim());
      if (!asked) {
        close();
        said.textContent = "";
        return;
      }
      const rank = (own) => {
        if (own.id === asked) return 0;
        if (own.id.startsWith(asked)) return 1;
        if (own.name.startsWith(asked)) return 2;
        if (own.name.includes(` ${asked}`)) return 3;
        return own.name.includes(asked) || own.id.includes(asked) ? 4 : 9;
      };
      const ranked = known.map((own) => [rank(own), own]).filter(([own]) => own < 9);
      ranked.sort((a, b) => a[0] - b[0]);
      hits = ranked.slice(0, 10).map(([, own]) => own);
      found.replaceChildren(
        ...hits.map((hit, place) => {
          const from = hit.kind === "site" ? sites : exchanges;
          const row = element(
            "li",
            { role: "option", id: `hit-${place}`, "aria-selected": "false" },
            from.name[hit.place],
            element("small", {}, `${from.id[hit.place]} · ${stateOf(hit) || "exchange"}`),
          );
          row.addEventListener("mousedown", (event) => {
            event.preventDefault();
            take(hit);
          });
          return row;
        }),
      );
      said.textContent = ranked.length ? `${ranked.length} found` : "Nothing found";
      found.hidden = !hits.length;
      box.setAttribute("aria-expanded", hits.length ? "true" : "false");
      point(-1);
    });
    box.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown" && hits.length && !found.hidden) {
        event.preventDefault();
        point((at + 1) % hits.length);
      } else if (event.key === "ArrowUp" && hits.length && !found.hidden) {
        event.preventDefault();
        point((at - 1 + hits.length) % hits.length);
      } else if (event.key === "Enter" && !found.hidden && hits.length) {
        event.preventDefault();
        take(hits[Math.max(0, at)]);
      } else if (event.key === "Escape") {
        close();
      }
    });
    box.addEventListener("blur", close);
  }

  buildFilters();
  buildLegend();
  shownMap = makeMap(model, { pick: (thing) => select(thing, false), words });
  table = sitesTable(model, {
    open(i) {
      select({ kind: "site", place: i }, true);
      byId("explore").scrollIntoView({ block: "start" });
      detail.focus({ preventScroll: true });
    },
    selected: () => (selected && selected.kind === "site" ? selected.place : -1),
    swatch,
  });
  buildSearch();
  filter();
  showDetail();
  byId("whole").addEventListener("click", () => shownMap.whole());
  document.querySelectorAll("table[data-name]").forEach(enhance);
  document.querySelectorAll("button[data-find]").forEach((own) => {
    const place = sites.id.indexOf(own.dataset.find);
    if (place < 0) own.replaceWith(own.textContent);
    else own.addEventListener("click", () => {
      select({ kind: "site", place }, true);
      byId("explore").scrollIntoView({ block: "start" });
    });
  });

  const recolour = () => {
    shownMap.recolour();
    document.querySelectorAll("canvas.swatch").forEach((own) => own.repaint && own.repaint());
  };
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", recolour);
  const printing = (on) => {
    document.documentElement.classList.toggle("printing", on);
    shownMap.map.invalidateSize({ animate: false });
    shownMap.whole();
    recolour();
  };
  window.addEventListener("beforeprint", () => printing(true));
  window.addEventListener("afterprint", () => printing(false));
  document.documentElement.dataset.drawn = Math.round(performance.now() - began);
}

start();
