//! A writer of small OpenStreetMap extracts, by the published layout of the format.

/// A message of protocol buffers being written.
#[derive(Default)]
struct Message(Vec<u8>);

impl Message {
    fn varint(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.0.push(value.to_le_bytes()[0] | 0x80);
            value >>= 7;
        }
        self.0.push(value.to_le_bytes()[0]);
    }

    fn number(mut self, field: u64, value: u64) -> Self {
        self.varint(field << 3);
        self.varint(value);
        self
    }

    fn bytes(mut self, field: u64, bytes: &[u8]) -> Self {
        self.varint(field << 3 | 2);
        self.varint(bytes.len() as u64);
        self.0.extend(bytes);
        self
    }

    fn packed(self, field: u64, values: impl IntoIterator<Item = u64>) -> Self {
        let mut packed = Self::default();
        values.into_iter().for_each(|value| packed.varint(value));
        self.bytes(field, &packed.0)
    }

    /// Signed numbers, each as its difference from the one before.
    fn deltas(self, field: u64, values: impl IntoIterator<Item = i64>) -> Self {
        let mut before = 0;
        let zigzag = values.into_iter().map(|value| {
            let delta: i64 = value - std::mem::replace(&mut before, value);
            ((delta << 1) ^ (delta >> 63)).cast_unsigned()
        });
        let zigzag: Vec<u64> = zigzag.collect();
        self.packed(field, zigzag)
    }
}

/// A way: id, nodes, tags.
pub type Way<'a> = (i64, &'a [i64], &'a [(&'a str, &'a str)]);

/// A node: id, longitude and latitude in ten-millionths of a degree.
pub type Node = (i64, i64, i64);

/// An extract of nodes and ways.
pub fn extract(nodes: &[Node], ways: &[Way]) -> Vec<u8> {
    let plain = ["OsmSchema-V0.6", "DenseNodes"];
    [header(&plain, &[]), data(nodes, ways, &[])].concat()
}

/// The same with the positions of nodes on the ways alone; ways may name other nodes too.
pub fn located(nodes: &[Node], ways: &[Way]) -> Vec<u8> {
    [header(&["OsmSchema-V0.6"], &["LocationsOnWays"]), data(&[], ways, nodes)].concat()
}

/// An extract whose header asks something of its reader, with a way in it.
pub fn asking(feature: &str, nodes: &[Node], ways: &[Way]) -> Vec<u8> {
    [header(&["OsmSchema-V0.6", feature], &[]), data(nodes, ways, &[])].concat()
}

fn header(required: &[&str], optional: &[&str]) -> Vec<u8> {
    let asked = |header: Message, word: &&str| header.bytes(4, word.as_bytes());
    let header = required.iter().fold(Message::default(), asked);
    let header = optional.iter().fold(header, |header, word| header.bytes(5, word.as_bytes()));
    blob("OSMHeader", &header.0)
}

/// Where nodes of ways are of no file, their positions are none on earth.
const NOWHERE: Node = (0, i32::MAX as i64, i32::MAX as i64);

fn data(nodes: &[Node], ways: &[Way], on_ways: &[Node]) -> Vec<u8> {
    let mut strings: Vec<&str> = vec![""];
    for (_, _, tags) in ways {
        strings.extend(tags.iter().flat_map(|(key, value)| [*key, *value]));
    }
    let place = |text: &str| strings.iter().position(|one| *one == text).unwrap() as u64;
    let table =
        strings.iter().fold(Message::default(), |table, text| table.bytes(1, text.as_bytes()));
    let dense = Message::default()
        .deltas(1, nodes.iter().map(|node| node.0))
        .deltas(8, nodes.iter().map(|node| node.2))
        .deltas(9, nodes.iter().map(|node| node.1));
    let mut group = Message::default();
    for (id, refs, tags) in ways {
        let way = Message::default()
            .number(1, id.cast_unsigned())
            .packed(2, tags.iter().map(|(key, _)| place(key)))
            .packed(3, tags.iter().map(|(_, value)| place(value)))
            .deltas(8, refs.iter().copied());
        let at = |id: &i64| on_ways.iter().find(|node| node.0 == *id).copied().unwrap_or(NOWHERE);
        let way = if on_ways.is_empty() {
            way
        } else {
            way.deltas(9, refs.iter().map(|id| at(id).2)).deltas(10, refs.iter().map(|id| at(id).1))
        };
        group = group.bytes(3, &way.0);
    }
    let block = Message::default()
        .bytes(1, &table.0)
        .bytes(2, &Message::default().bytes(2, &dense.0).0)
        .bytes(2, &group.0);
    blob("OSMData", &block.0)
}

fn blob(kind: &str, content: &[u8]) -> Vec<u8> {
    let blob = Message::default().bytes(1, content);
    let header = Message::default().bytes(1, kind.as_bytes()).number(3, blob.0.len() as u64);
    let size = u32::try_from(header.0.len()).unwrap().to_be_bytes();
    [&size[..], &header.0, &blob.0].concat()
}
