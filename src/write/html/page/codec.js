// Reads what packed.rs writes: whole numbers in groups of seven bits, in base64.
function reader(text) {
  const bytes = atob(text);
  let at = 0;
  const unsigned = () => {
    let value = 0;
    let place = 1;
    let byte;
    do {
      byte = bytes.charCodeAt(at);
      at += 1;
      value += (byte & 127) * place;
      place *= 128;
    } while (byte > 127);
    return value;
  };
  const signed = () => {
    const value = unsigned();
    return value % 2 ? -(value + 1) / 2 : value / 2;
  };
  const maybe = () => {
    const value = unsigned();
    if (value === 0) return null;
    const own = value - 1;
    return own % 2 ? -(own + 1) / 2 : own / 2;
  };
  return { unsigned, signed, maybe, more: () => at < bytes.length };
}

function list(text, count, kind) {
  const from = reader(text);
  const values = new Array(count);
  for (let i = 0; i < count; i += 1) values[i] = from[kind]();
  return values;
}

// A place in units of a hundred-thousandth of a degree, on the square of the whole world that web maps use: its
// side is 256.
function worldX(lon) {
  return ((lon / 1e5 + 180) / 360) * 256;
}

function worldY(lat) {
  const angle = Math.PI / 4 + (lat / 1e5) * (Math.PI / 360);
  return (0.5 - Math.log(Math.tan(angle)) / (2 * Math.PI)) * 256;
}

// Places written one after the other, each by its distance from the one before.
function places(text, count) {
  const from = reader(text);
  const x = new Float64Array(count);
  const y = new Float64Array(count);
  const degrees = new Array(count);
  let lon = 0;
  let lat = 0;
  for (let i = 0; i < count; i += 1) {
    lon += from.signed();
    lat += from.signed();
    x[i] = worldX(lon);
    y[i] = worldY(lat);
    degrees[i] = [lat / 1e5, lon / 1e5];
  }
  return { x, y, degrees };
}

// Lines written one after the other: how many points, then each by its distance from the point before.
function lines(text, count) {
  const from = reader(text);
  const first = new Uint32Array(count + 1);
  const x = [];
  const y = [];
  let lon = 0;
  let lat = 0;
  for (let i = 0; i < count; i += 1) {
    const points = from.unsigned();
    for (let k = 0; k < points; k += 1) {
      lon += from.signed();
      lat += from.signed();
      x.push(worldX(lon));
      y.push(worldY(lat));
    }
    first[i + 1] = x.length;
  }
  return { first, x: Float64Array.from(x), y: Float64Array.from(y) };
}

// One level of the network: points by their distance from the one before, stretches by the lower place's distance
// from that of the stretch before, and the higher's from the lower.
function level(packed) {
  const at = places(packed.points, packed.point_count);
  const from = reader(packed.stretches);
  const ends = new Uint32Array(2 * packed.stretch_count);
  let low = 0;
  for (let i = 0; i < packed.stretch_count; i += 1) {
    low += from.unsigned();
    ends[2 * i] = low;
    ends[2 * i + 1] = low + from.unsigned();
  }
  return { grid: packed.grid, x: at.x, y: at.y, ends };
}

// A column of a table: `text` of a row for people, `key` to sort by, `raw` for a file.
function column(packed, count) {
  const own = { ...packed };
  packed.uses.forEach((use) => {
    own[use] = true;
  });
  if (packed.sort === "text") {
    own.text = (i) => packed.values[i];
    own.key = own.text;
    own.raw = own.text;
  } else if (packed.sort === "category" || packed.sort === "set") {
    own.place = list(packed.data, count, "unsigned");
    own.label_of = (place) => (own.token ? packed.values[place].replace(/_/g, " ") : packed.values[place]);
    own.text = (i) => own.label_of(own.place[i]);
    own.key = own.text;
    own.raw = (i) => packed.values[own.place[i]];
  } else {
    own.value = list(packed.data, count, "maybe");
    own.key = (i) => own.value[i];
    own.raw = (i) => plainNumber(own.value[i], packed.sort);
    own.text = (i) => shownNumber(own.value[i], packed.sort);
  }
  return own;
}

// Money is in pence, numbers in thousandths, lengths in millimetres.
function plainNumber(value, sort) {
  if (value === null) return "";
  if (sort === "money") return (value / 100).toFixed(2);
  if (sort === "metres") return (value / 1000).toFixed(1);
  return String(value / 1000);
}

const grouped = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 3 });
const pounds = new Intl.NumberFormat("en-GB", {
  style: "currency",
  currency: "GBP",
  minimumFractionDigits: 2,
});

function shownNumber(value, sort) {
  if (value === null) return "";
  if (sort === "money") return pounds.format(value / 100);
  if (sort === "metres") {
    const metres = value / 1000;
    return metres < 1000 ? `${grouped.format(Math.round(metres))} m` : `${(metres / 1000).toFixed(2)} km`;
  }
  return grouped.format(value / 1000);
}
