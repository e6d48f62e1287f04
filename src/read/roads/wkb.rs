//! Lines and points in the geometry blobs of GeoPackages.
//!
//! In: a blob: a GeoPackage header (`GP`, version, flags, reference system, envelope) before well-known binary,
//! by OGC 12-128 and OGC 06-103. Out: the lines' positions, heights and measures left out. Nothing in a damaged
//! blob can cause a panic or a large allocation.

/// The geometry of one row.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Geometry {
    /// Reference system by its number in the file.
    pub(super) srs: i32,
    pub(super) shape: Shape,
    /// Lines, or one line of one position for each point.
    pub(super) lines: Vec<Vec<[f64; 2]>>,
}

/// What a geometry is of.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) enum Shape {
    Points,
    #[default]
    Lines,
}

/// Reads a blob; `None` when it is damaged or of no line or point.
pub(super) fn geometry(blob: &[u8]) -> Option<Geometry> {
    let mut bytes = Bytes { rest: blob, little: true };
    if bytes.take(2)? != b"GP" || bytes.byte()? != 0 {
        return None;
    }
    let flags = bytes.byte()?;
    bytes.little = flags & 1 == 1;
    let srs = i32::try_from(i64::from(bytes.number()?)).ok()?;
    let envelope = match (flags >> 1) & 7 {
        0 => 0,
        1 => 32,
        2 | 3 => 48,
        4 => 64,
        _ => return None,
    };
    bytes.take(envelope)?;
    let is_empty = flags & 0x10 != 0;
    let (shape, lines) = if is_empty { Default::default() } else { bytes.shape(0)? };
    Some(Geometry { srs, shape, lines })
}

/// Bytes being read.
struct Bytes<'a> {
    rest: &'a [u8],
    little: bool,
}

impl<'a> Bytes<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        Some(taken)
    }

    fn byte(&mut self) -> Option<u8> {
        self.take(1).map(|bytes| bytes[0])
    }

    fn number(&mut self) -> Option<u32> {
        let bytes: [u8; 4] = self.take(4)?.try_into().ok()?;
        Some(if self.little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) })
    }

    fn double(&mut self) -> Option<f64> {
        let bytes: [u8; 8] = self.take(8)?.try_into().ok()?;
        Some(if self.little { f64::from_le_bytes(bytes) } else { f64::from_be_bytes(bytes) })
    }

    /// A point, a line or several of them, with its own byte order and kind. Heights and measures come as
    /// kinds from 1000, or with flags in the highest bits.
    fn shape(&mut self, depth: u8) -> Option<(Shape, Vec<Vec<[f64; 2]>>)> {
        self.little = self.byte()? == 1;
        let kind = self.number()?;
        let base = (kind & 0x0fff_ffff) % 1000;
        let thousands = (kind & 0x0fff_ffff) / 1000;
        let flagged = usize::from(kind & 0x8000_0000 != 0) + usize::from(kind & 0x4000_0000 != 0);
        let more = flagged.max(match thousands {
            0 => 0,
            1 | 2 => 1,
            3 => 2,
            _ => return None,
        });
        match base {
            1 => Some((Shape::Points, vec![vec![self.position(more)?]])),
            2 => Some((Shape::Lines, vec![self.line(more)?])),
            4 | 5 if depth == 0 => {
                let count = self.number()?;
                let mut lines = Vec::new();
                for _ in 0..count {
                    lines.extend(self.shape(1)?.1);
                }
                Some((if base == 4 { Shape::Points } else { Shape::Lines }, lines))
            }
            _ => None,
        }
    }

    fn line(&mut self, more: usize) -> Option<Vec<[f64; 2]>> {
        let count = self.number()?;
        let mut line = Vec::new();
        for _ in 0..count {
            line.push(self.position(more)?);
        }
        Some(line)
    }

    fn position(&mut self, more: usize) -> Option<[f64; 2]> {
        let at = [self.double()?, self.double()?];
        self.take(8 * more)?;
        Some(at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn blob(little: bool, z: bool, line: &[[f64; 2]]) -> Vec<u8> {
        let number = |value: u32| if little { value.to_le_bytes() } else { value.to_be_bytes() };
        let double = |value: f64| if little { value.to_le_bytes() } else { value.to_be_bytes() };
        let mut bytes = b"GP\0".to_vec();
        bytes.push(u8::from(little) | 1 << 1);
        bytes.extend(number(27_700));
        bytes.extend([0; 32]);
        bytes.push(u8::from(little));
        bytes.extend(number(if z { 1002 } else { 2 }));
        bytes.extend(number(u32::try_from(line.len()).unwrap()));
        for at in line {
            bytes.extend(at.iter().flat_map(|&value| double(value)));
            if z {
                bytes.extend(double(12.5));
            }
        }
        bytes
    }

    #[test]
    fn a_point_and_several_lines_are_read() {
        let mut point = blob(true, false, &[]);
        point.truncate(40);
        let mut lines = point.clone();
        point.extend([1, 1, 0, 0, 0]);
        point.extend([1.5_f64, 2.5].iter().flat_map(|value| value.to_le_bytes()));
        let found = geometry(&point).unwrap();
        assert_eq!((found.shape, found.lines), (Shape::Points, vec![vec![[1.5, 2.5]]]));
        lines.extend([1, 5, 0, 0, 0, 2, 0, 0, 0]);
        for _ in 0..2 {
            lines.extend(&blob(true, true, &[[3.0, 4.0], [5.0, 6.0]])[40..]);
        }
        assert_eq!(geometry(&lines).unwrap().lines.len(), 2);
        assert_eq!(geometry(b"GP\0"), None);
        assert_eq!(geometry(b"PG\0\0aaaaaaaaaa"), None);
    }

    proptest! {
        #[test]
        fn lines_come_back_and_damage_causes_no_panic(
            little in any::<bool>(), z in any::<bool>(),
            line in prop::collection::vec((-1e6_f64..1e6, -1e6_f64..1e6), 0..6),
            place in 0_usize..200, byte in any::<u8>(),
        ) {
            let line: Vec<[f64; 2]> = line.into_iter().map(|(x, y)| [x, y]).collect();
            let mut bytes = blob(little, z, &line);
            let expected = Geometry { srs: 27_700, shape: Shape::Lines, lines: vec![line] };
            prop_assert_eq!(geometry(&bytes), Some(expected));
            prop_assert_eq!(geometry(&bytes[..bytes.len() - 1]), None);
            let place = place % bytes.len();
            bytes[place] = byte;
            let _ = geometry(&bytes);
        }
    }
}
