// The map: a canvas for lines and one for points, over Leaflet's moving and zooming.

// Each mark has a shape as well as a colour; each sort of line a pattern of dashes as well.
const DASHES = [[], [9, 4], [2, 4], [12, 4, 2, 4], [5, 3], [1, 3]];

function palette() {
  const style = getComputedStyle(document.documentElement);
  const read = (name) => style.getPropertyValue(name).trim();
  const tones = [];
  for (let i = 1; i <= 8; i += 1) tones.push(read(`--tone-${i}`));
  return {
    ink: read("--ink"),
    paper: read("--paper"),
    ground: read("--map"),
    net: read("--net"),
    soft: read("--soft"),
    tones,
  };
}

const tone = (colours, place) => (place < 0 ? colours.soft : colours.tones[place % 8]);

// The outline of a mark around a point.
function mark(context, shape, x, y, r) {
  if (shape === "square") {
    context.rect(x - r * 0.85, y - r * 0.85, r * 1.7, r * 1.7);
  } else if (shape === "diamond") {
    context.moveTo(x, y - r * 1.2);
    context.lineTo(x + r * 1.2, y);
    context.lineTo(x, y + r * 1.2);
    context.lineTo(x - r * 1.2, y);
    context.closePath();
  } else if (shape === "cross") {
    context.moveTo(x - r, y - r);
    context.lineTo(x + r, y + r);
    context.moveTo(x - r, y + r);
    context.lineTo(x + r, y - r);
  } else if (shape === "up" || shape === "down") {
    const d = shape === "up" ? -1 : 1;
    context.moveTo(x, y + d * r * 1.25);
    context.lineTo(x + r * 1.15, y - d * r * 0.85);
    context.lineTo(x - r * 1.15, y - d * r * 0.85);
    context.closePath();
  } else {
    context.moveTo(x + r, y);
    context.arc(x, y, r, 0, 2 * Math.PI);
  }
}

// Paints one mark as it is on the map and in the legend.
function paintMark(context, colours, kind, colour, x, y, r) {
  const small = r < 3.2;
  context.beginPath();
  mark(context, kind.mark, x, y, r);
  context.setLineDash([]);
  if (kind.mark === "cross") {
    context.lineWidth = small ? 2.5 : 4;
    context.strokeStyle = colours.paper;
    context.stroke();
    context.lineWidth = small ? 1.2 : 2;
    context.strokeStyle = colour;
    context.stroke();
    return;
  }
  context.fillStyle = kind.hollow ? colours.paper : colour;
  context.fill();
  context.lineWidth = kind.hollow && !small ? 2 : 1;
  context.strokeStyle = kind.hollow ? colour : colours.paper;
  if (kind.hollow || !small) context.stroke();
}

// Marks are painted once for each size, and then copied: thousands of them take a moment.
const stamps = new Map();

function stamp(context, colours, kind, colour, x, y, r) {
  const ratio = context.getTransform().a;
  const size = Math.max(1, Math.round(r * 2) / 2);
  const key = [kind.mark, kind.hollow, colour, colours.paper, size, ratio].join();
  let own = stamps.get(key);
  if (!own) {
    const half = Math.ceil(size * 1.3 + 3);
    const picture = document.createElement("canvas");
    picture.width = Math.ceil(2 * half * ratio);
    picture.height = picture.width;
    const inside = picture.getContext("2d");
    inside.scale(ratio, ratio);
    inside.lineCap = "round";
    inside.lineJoin = "round";
    paintMark(inside, colours, kind, colour, half, half, size);
    own = { picture, half };
    stamps.set(key, own);
  }
  context.drawImage(own.picture, x - own.half, y - own.half, 2 * own.half, 2 * own.half);
}

function canvasLayer(paint) {
  const Layer = L.Renderer.extend({
    options: { padding: 0.15 },
    _initContainer() {
      this._container = document.createElement("canvas");
      this._container.className = "drawing";
      this._container.setAttribute("aria-hidden", "true");
      this._context = this._container.getContext("2d");
    },
    _destroyContainer() {
      L.DomUtil.remove(this._container);
      delete this._container;
      delete this._context;
    },
    _update() {
      if (this._map._animatingZoom && this._bounds) return;
      L.Renderer.prototype._update.call(this);
      const { min } = this._bounds;
      const size = this._bounds.getSize();
      const ratio = Math.min(2, Math.max(1, window.devicePixelRatio || 1));
      const canvas = this._container;
      L.DomUtil.setPosition(canvas, min);
      canvas.width = Math.round(size.x * ratio);
      canvas.height = Math.round(size.y * ratio);
      canvas.style.width = `${size.x}px`;
      canvas.style.height = `${size.y}px`;
      this.paint();
    },
    paint() {
      if (!this._bounds || !this._context) return;
      const { min, max } = this._bounds;
      const ratio = this._container.width / this._bounds.getSize().x;
      const context = this._context;
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.clearRect(0, 0, this._container.width, this._container.height);
      context.setTransform(ratio, 0, 0, ratio, -min.x * ratio, -min.y * ratio);
      context.lineCap = "round";
      context.lineJoin = "round";
      const zoom = this._map.getZoom();
      const scale = 2 ** zoom;
      const origin = this._map.getPixelOrigin();
      paint({
        context,
        zoom,
        scale,
        dx: origin.x,
        dy: origin.y,
        west: (min.x + origin.x) / scale,
        east: (max.x + origin.x) / scale,
        north: (min.y + origin.y) / scale,
        south: (max.y + origin.y) / scale,
      });
    },
  });
  return new Layer();
}

function makeMap(model, listeners) {
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = L.map("map", {
    attributionControl: false,
    zoomAnimation: !calm,
    fadeAnimation: false,
    inertia: !calm,
    minZoom: 4,
    maxZoom: 19,
    zoomSnap: 0.25,
    zoomDelta: 1,
    wheelPxPerZoomLevel: 90,
    scrollWheelZoom: false,
  });
  map.on("focus", () => map.scrollWheelZoom.enable());
  map.on("blur", () => map.scrollWheelZoom.disable());
  L.control.scale({ imperial: true, metric: true, position: "bottomleft" }).addTo(map);
  let colours = palette();
  let selected = null;
  let route = [];

  const { sites, exchanges, spans, network } = model;

  function paintNetwork(view) {
    if (!network.length || !model.showNetwork) return;
    const unit = (model.northing * view.scale * 256) / 36e6;
    const fine = network.find((one) => one.grid * unit <= 2.5) || network[network.length - 1];
    // A rough shape says nothing any more of what is a few streets wide.
    if (fine.grid > 1 && fine.grid * unit > 90) return;
    const { x, y, ends } = fine;
    const { context, scale, dx, dy, west, east, north, south } = view;
    context.beginPath();
    for (let i = 0; i < ends.length; i += 2) {
      const a = ends[i];
      const b = ends[i + 1];
      if ((x[a] < west && x[b] < west) || (x[a] > east && x[b] > east)) continue;
      if ((y[a] < north && y[b] < north) || (y[a] > south && y[b] > south)) continue;
      context.moveTo(x[a] * scale - dx, y[a] * scale - dy);
      context.lineTo(x[b] * scale - dx, y[b] * scale - dy);
    }
    context.setLineDash([]);
    context.lineWidth = view.zoom < 10 ? 0.6 : 1;
    context.strokeStyle = colours.net;
    context.stroke();
  }

  function spanPath(view, i) {
    const { first, x, y } = spans.lines;
    const { context, scale, dx, dy } = view;
    for (let k = first[i]; k < first[i + 1]; k += 1) {
      const px = x[k] * scale - dx;
      const py = y[k] * scale - dy;
      if (k === first[i]) context.moveTo(px, py);
      else context.lineTo(px, py);
    }
  }

  const inView = (view, i) =>
    spans.east[i] >= view.west &&
    spans.west[i] <= view.east &&
    spans.south[i] >= view.north &&
    spans.north[i] <= view.south;

  function paintSpans(view) {
    const { context } = view;
    const mode = spans.modes[model.mode];
    if (!mode) return;
    const groups = mode.values.map(() => []);
    let count = 0;
    for (let i = 0; i < spans.count; i += 1) {
      if (!spans.shown[i] || !inView(view, i)) continue;
      groups[mode.place[i]].push(i);
      count += 1;
    }
    const width = Math.min(5, Math.max(1.3, 1.4 + (view.zoom - 10) * 0.45));
    if (count < 40000) {
      context.beginPath();
      groups.forEach((group) => group.forEach((i) => spanPath(view, i)));
      context.setLineDash([]);
      context.lineWidth = width + 2;
      context.strokeStyle = colours.ground;
      context.stroke();
    }
    groups.forEach((group, place) => {
      if (!group.length) return;
      context.beginPath();
      group.forEach((i) => spanPath(view, i));
      context.setLineDash(count < 20000 ? DASHES[place % DASHES.length].map((d) => (d * width) / 2) : []);
      context.lineCap = place % DASHES.length ? "butt" : "round";
      context.lineWidth = width;
      context.strokeStyle = tone(colours, mode.tones[place]);
      context.stroke();
    });
    context.lineCap = "round";
  }

  const crowd = Math.min(1, Math.max(0.45, 40 / Math.sqrt(sites.count + 1)));
  const growth = (zoom) => Math.min(1.5, Math.max(crowd, crowd + (zoom - 8) * 0.09));
  const radius = (zoom, i) => (3.4 + 5 * sites.size[i]) * growth(zoom);

  function paintPoints(view) {
    const { context, scale, dx, dy, zoom } = view;
    if (route.length) {
      context.beginPath();
      route.forEach((i) => spanPath(view, i));
      context.setLineDash([]);
      context.lineWidth = 8;
      context.strokeStyle = colours.ink;
      context.globalAlpha = 0.35;
      context.stroke();
      context.globalAlpha = 1;
      context.lineWidth = 3;
      context.stroke();
    }
    const r = 5.5 * Math.max(0.5, growth(zoom));
    for (let used = 0; used < 2; used += 1) {
      // Thousands that nobody uses would hide the sites from afar.
      if (!used && zoom < 9 && exchanges.count > 300) continue;
      const kind = { mark: "up", hollow: !used };
      for (let i = 0; i < exchanges.count; i += 1) {
        if (exchanges.used[i] !== used || !model.showExchanges) continue;
        const x = exchanges.at.x[i];
        const y = exchanges.at.y[i];
        if (x < view.west || x > view.east || y < view.north || y > view.south) continue;
        const [colour, size] = used ? [colours.ink, r] : [colours.soft, r * 0.7];
        stamp(context, colours, kind, colour, x * scale - dx, y * scale - dy, size);
      }
    }
    // What is connected is drawn last, on top.
    for (let state = sites.states.length - 1; state >= 0; state -= 1) {
      const kind = sites.states[state];
      const colour = tone(colours, kind.tone);
      for (let i = 0; i < sites.count; i += 1) {
        if (sites.state[i] !== state || !sites.shown[i]) continue;
        const x = sites.at.x[i];
        const y = sites.at.y[i];
        if (x < view.west || x > view.east || y < view.north || y > view.south) continue;
        stamp(context, colours, kind, colour, x * scale - dx, y * scale - dy, radius(zoom, i));
      }
    }
    if (!selected) return;
    const at = selected.kind === "site" ? sites.at : exchanges.at;
    if (selected.kind === "span") {
      context.beginPath();
      spanPath(view, selected.place);
      context.setLineDash([]);
      context.lineWidth = 8;
      context.globalAlpha = 0.5;
      context.strokeStyle = colours.ink;
      context.stroke();
      context.globalAlpha = 1;
      return;
    }
    const x = at.x[selected.place] * scale - dx;
    const y = at.y[selected.place] * scale - dy;
    const ring = (selected.kind === "site" ? radius(zoom, selected.place) : r) + 5;
    context.setLineDash([]);
    [[6, colours.paper], [3, colours.ink]].forEach(([thick, colour]) => {
      context.beginPath();
      context.arc(x, y, ring, 0, 2 * Math.PI);
      context.lineWidth = thick;
      context.strokeStyle = colour;
      context.stroke();
    });
    if (selected.kind === "site") {
      const kind = sites.states[sites.state[selected.place]];
      paintMark(context, colours, kind, tone(colours, kind.tone), x, y, radius(zoom, selected.place));
    }
  }

  const below = canvasLayer((view) => {
    paintNetwork(view);
    paintSpans(view);
  });
  const above = canvasLayer(paintPoints);

  // The bounds of everything that matters: sites, and exchanges that are used.
  function bounds() {
    const box = L.latLngBounds([]);
    sites.at.degrees.forEach((at) => box.extend(at));
    exchanges.at.degrees.forEach((at, i) => {
      if (exchanges.used[i]) box.extend(at);
    });
    return box.isValid() ? box : L.latLngBounds([[49.9, -6.5], [58.7, 1.8]]);
  }
  const whole = () => map.fitBounds(bounds(), { padding: [18, 18], animate: false, maxZoom: 16 });
  whole();
  below.addTo(map);
  above.addTo(map);

  // What lies under a point of the screen: a site, else an exchange, else a span.
  function under(event) {
    const scale = 2 ** map.getZoom();
    const at = map.project(event.latlng);
    const wx = at.x / scale;
    const wy = at.y / scale;
    let best = null;
    let least = Infinity;
    for (let i = 0; i < sites.count; i += 1) {
      if (!sites.shown[i]) continue;
      const d = Math.hypot(sites.at.x[i] - wx, sites.at.y[i] - wy) * scale;
      if (d < least && d < radius(map.getZoom(), i) + 4) {
        least = d;
        best = { kind: "site", place: i };
      }
    }
    if (best) return best;
    for (let i = 0; i < exchanges.count && model.showExchanges; i += 1) {
      const d = Math.hypot(exchanges.at.x[i] - wx, exchanges.at.y[i] - wy) * scale;
      if (d < least && d < 9) {
        least = d;
        best = { kind: "exchange", place: i };
      }
    }
    if (best) return best;
    const reach = 7 / scale;
    const { first, x, y } = spans.lines;
    for (let i = 0; i < spans.count; i += 1) {
      if (!spans.shown[i]) continue;
      if (wx < spans.west[i] - reach || wx > spans.east[i] + reach) continue;
      if (wy < spans.north[i] - reach || wy > spans.south[i] + reach) continue;
      for (let k = first[i]; k + 1 < first[i + 1]; k += 1) {
        const vx = x[k + 1] - x[k];
        const vy = y[k + 1] - y[k];
        const size = vx * vx + vy * vy;
        const t = size ? Math.max(0, Math.min(1, ((wx - x[k]) * vx + (wy - y[k]) * vy) / size)) : 0;
        const d = Math.hypot(x[k] + t * vx - wx, y[k] + t * vy - wy) * scale;
        if (d < least && d < 7) {
          least = d;
          best = { kind: "span", place: i };
        }
      }
    }
    return best;
  }

  map.on("click", (event) => listeners.pick(under(event)));
  const tip = document.getElementById("tip");
  let asked = 0;
  map.on("mousemove", (event) => {
    cancelAnimationFrame(asked);
    asked = requestAnimationFrame(() => {
      const found = map.dragging && map.dragging.moving() ? null : under(event);
      map.getContainer().classList.toggle("over", Boolean(found));
      tip.hidden = !found;
      if (!found) return;
      tip.textContent = listeners.words(found);
      const size = map.getSize();
      const { x, y } = event.containerPoint;
      tip.style.left = `${Math.min(x + 14, size.x - tip.offsetWidth - 6)}px`;
      tip.style.top = `${y + 18 + tip.offsetHeight > size.y ? y - tip.offsetHeight - 10 : y + 18}px`;
    });
  });
  map.on("mouseout movestart", () => {
    cancelAnimationFrame(asked);
    tip.hidden = true;
  });

  return {
    map,
    whole,
    repaint() {
      below.paint();
      above.paint();
    },
    recolour() {
      colours = palette();
      below.paint();
      above.paint();
    },
    select(thing, show) {
      selected = thing;
      route = [];
      if (thing && thing.kind === "site" && spans.before) {
        for (let i = sites.last[thing.place]; i >= 0; i = spans.before[i]) route.push(i);
      }
      if (thing && show && thing.kind !== "span") {
        const at = thing.kind === "site" ? sites.at : exchanges.at;
        const zoom = Math.max(map.getZoom(), Math.min(15, Math.max(12.5, map.getBoundsZoom(bounds()) + 4)));
        map.setView(at.degrees[thing.place], zoom, { animate: false });
      }
      above.paint();
    },
  };
}
