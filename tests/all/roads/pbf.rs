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

/// An extract of nodes (id, longitude, latitude in ten-millionths of a degree) and ways.
pub fn extract(nodes: &[(i64, i64, i64)], ways: &[Way]) -> Vec<u8> {
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
        group = group.bytes(3, &way.0);
    }
    let block = Message::default()
        .bytes(1, &table.0)
        .bytes(2, &Message::default().bytes(2, &dense.0).0)
        .bytes(2, &group.0);
    let header = Message::default().bytes(4, b"OsmSchema-V0.6").bytes(4, b"DenseNodes");
    [blob("OSMHeader", &header.0), blob("OSMData", &block.0)].concat()
}

fn blob(kind: &str, content: &[u8]) -> Vec<u8> {
    let blob = Message::default().bytes(1, content);
    let header = Message::default().bytes(1, kind.as_bytes()).number(3, blob.0.len() as u64);
    let size = u32::try_from(header.0.len()).unwrap().to_be_bytes();
    [&size[..], &header.0, &blob.0].concat()
}
