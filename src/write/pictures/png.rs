//! A picture as PNG, at 300 dots an inch.

use flate2::Crc;
use tiny_skia::{
    FillRule, LineCap, LineJoin, Paint, Path, PathBuilder, Pixmap, Stroke, StrokeDash, Transform,
};

use crate::write::pictures::font::Segment;
use crate::write::pictures::scene::{Colour, Pen, Scene, Shape};

/// Dots in a point: 300 an inch.
const DOTS: f64 = 300.0 / 72.0;

/// Dots in a metre, as the file says them.
const DOTS_A_METRE: u32 = 11_811;

/// The bytes of the file; nothing where a picture is too large to be drawn.
pub(super) fn png(scene: &Scene) -> Option<Vec<u8>> {
    let mut map = Pixmap::new(dots(scene.width), dots(scene.height))?;
    map.fill(tiny_skia::Color::WHITE);
    for shape in &scene.shapes {
        match shape {
            Shape::Path { segments, fill, pen } => {
                let scale = Transform::from_scale(single(DOTS), single(DOTS));
                let Some(path) = path(segments) else { continue };
                if let Some(fill) = fill {
                    map.fill_path(&path, &paint(*fill), FillRule::Winding, scale, None);
                }
                if let Some(pen) = pen {
                    map.stroke_path(&path, &paint(pen.colour), &stroke(pen), scale, None);
                }
            }
            Shape::Text { glyphs, at, look, .. } => {
                let rim = Pen::new(Colour::WHITE, 2.2 / look.size);
                let placed = glyphs.iter().filter_map(|(glyph, along)| {
                    let size = single(look.size * DOTS);
                    let left = single((at[0] + along * look.size) * DOTS);
                    let place =
                        Transform::from_row(size, 0.0, 0.0, size, left, single(at[1] * DOTS));
                    Some((path(&scene.fonts.outline(*glyph))?, place))
                });
                let placed: Vec<(Path, Transform)> = placed.collect();
                if look.rim {
                    for (path, place) in &placed {
                        map.stroke_path(path, &paint(rim.colour), &stroke(&rim), *place, None);
                    }
                }
                for (path, place) in &placed {
                    map.fill_path(path, &paint(look.colour), FillRule::Winding, *place, None);
                }
            }
        }
    }
    map.encode_png().ok().map(with_resolution)
}

fn path(segments: &[Segment]) -> Option<Path> {
    let mut path = PathBuilder::new();
    let at = |[x, y]: [f64; 2]| (single(x), single(y));
    for segment in segments {
        match *segment {
            Segment::Move(to) => path.move_to(at(to).0, at(to).1),
            Segment::Line(to) => path.line_to(at(to).0, at(to).1),
            Segment::Cubic(one, two, to) => {
                let [(x1, y1), (x2, y2), (x, y)] = [one, two, to].map(at);
                path.cubic_to(x1, y1, x2, y2, x, y);
            }
            Segment::Close => path.close(),
        }
    }
    path.finish()
}

fn paint(colour: Colour) -> Paint<'static> {
    let [red, green, blue] = colour.0;
    let mut paint = Paint::default();
    paint.set_color_rgba8(red, green, blue, 255);
    paint
}

fn stroke(pen: &Pen) -> Stroke {
    let dash = pen.dash.and_then(|[on, off]| StrokeDash::new(vec![single(on), single(off)], 0.0));
    Stroke {
        width: single(pen.width),
        line_cap: if dash.is_some() { LineCap::Butt } else { LineCap::Round },
        line_join: LineJoin::Round,
        dash,
        ..Stroke::default()
    }
}

#[allow(clippy::cast_possible_truncation)] // a dot is coarser than single precision
fn single(number: f64) -> f32 {
    number as f32
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // held to between one and 20,000
fn dots(points: f64) -> u32 {
    (points * DOTS).round().clamp(1.0, 20_000.0) as u32
}

/// The file with its resolution, and with what drew it, after its head of 33 bytes.
fn with_resolution(mut file: Vec<u8>) -> Vec<u8> {
    let mut size = DOTS_A_METRE.to_be_bytes().repeat(2);
    size.push(1);
    let mut chunks = chunk(*b"pHYs", &size);
    chunks.extend(chunk(*b"tEXt", b"Software\0fibreplan"));
    if file.len() > 33 {
        file.splice(33..33, chunks);
    }
    file
}

fn chunk(kind: [u8; 4], data: &[u8]) -> Vec<u8> {
    let mut sum = Crc::new();
    sum.update(&kind);
    sum.update(data);
    let length = u32::try_from(data.len()).unwrap_or_default();
    [&length.to_be_bytes()[..], &kind, data, &sum.sum().to_be_bytes()].concat()
}
