//! A picture as SVG: letters are outlines, each defined once; no script, no style sheet, nothing from elsewhere.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::write::pictures::font::{Glyph, Segment};
use crate::write::pictures::scene::{Colour, Pen, Scene, Shape};

/// The text of the file.
pub(super) fn svg(scene: &Scene) -> String {
    let mut letters: BTreeMap<Glyph, usize> = BTreeMap::new();
    for shape in &scene.shapes {
        if let Shape::Text { glyphs, .. } = shape {
            for (glyph, _) in glyphs {
                let next = letters.len();
                letters.entry(*glyph).or_insert(next);
            }
        }
    }
    let (width, height) = (scene.width, scene.height);
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}pt\" height=\"{}pt\" viewBox=\"0 0 {} {}\" role=\"img\" \
         aria-labelledby=\"title says\">\n<title id=\"title\">{}</title>\n<desc id=\"says\">{}</desc>\n\
         <!-- Drawn by fibreplan. Letters from Inter, SIL Open Font Licence 1.1. -->\n<defs>\n",
        short(width),
        short(height),
        short(width),
        short(height),
        escaped(&scene.title),
        escaped(&scene.says)
    );
    for (glyph, number) in &letters {
        let outline = scene.fonts.outline(*glyph);
        let outline = path(&outline, 1000.0, |number| format!("{number:.0}"));
        // Writing into a String cannot fail.
        let _ = writeln!(text, "<path id=\"g{number}\" d=\"{outline}\"/>");
    }
    text += "</defs>\n";
    let _ = writeln!(
        text,
        "<rect width=\"{}\" height=\"{}\" fill=\"#ffffff\"/>",
        short(width),
        short(height)
    );
    for shape in &scene.shapes {
        let drawn = match shape {
            Shape::Path { segments, fill, pen } => {
                let fill = fill.map_or_else(|| "none".to_owned(), hexadecimal);
                let pen = pen.as_ref().map_or_else(String::new, stroke);
                format!("<path d=\"{}\" fill=\"{fill}\"{pen}/>\n", path(segments, 1.0, short))
            }
            Shape::Text { words, glyphs, at, look } => {
                let used = |(glyph, along): &(Glyph, f64)| {
                    format!("<use href=\"#g{}\" x=\"{:.0}\"/>", letters[glyph], along * 1000.0)
                };
                let used: String = glyphs.iter().map(used).collect();
                let rim = if look.rim {
                    let width = 2200.0 / look.size;
                    format!(
                        " stroke=\"#ffffff\" stroke-width=\"{width:.0}\" stroke-linejoin=\"round\" paint-order=\"stroke\""
                    )
                } else {
                    String::new()
                };
                format!(
                    "<g aria-label=\"{}\" fill=\"{}\"{rim} transform=\"translate({} {}) scale({:.5})\">{used}</g>\n",
                    escaped(words),
                    hexadecimal(look.colour),
                    short(at[0]),
                    short(at[1]),
                    look.size / 1000.0
                )
            }
        };
        text.push_str(&drawn);
    }
    text + "</svg>\n"
}

fn path(segments: &[Segment], scale: f64, show: impl Fn(f64) -> String) -> String {
    let mut text = String::new();
    let at = |[x, y]: [f64; 2]| format!("{} {}", show(x * scale), show(y * scale));
    for segment in segments {
        let step = match *segment {
            Segment::Move(to) => format!("M{}", at(to)),
            Segment::Line(to) => format!("L{}", at(to)),
            Segment::Cubic(one, two, to) => format!("C{} {} {}", at(one), at(two), at(to)),
            Segment::Close => "Z".to_owned(),
        };
        text.push_str(&step);
    }
    text
}

fn stroke(pen: &Pen) -> String {
    let dash = pen.dash.map_or_else(String::new, |[on, off]| {
        format!(" stroke-dasharray=\"{} {}\"", short(on), short(off))
    });
    format!(
        " stroke=\"{}\" stroke-width=\"{}\" stroke-linecap=\"{}\" stroke-linejoin=\"round\"{dash}",
        hexadecimal(pen.colour),
        short(pen.width),
        if pen.dash.is_some() { "butt" } else { "round" }
    )
}

fn hexadecimal(colour: Colour) -> String {
    let [red, green, blue] = colour.0;
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// A number with at most two decimals.
fn short(number: f64) -> String {
    let text = format!("{number:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// A text inside XML; what controls anything is gone before.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
