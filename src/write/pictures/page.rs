//! What all pictures have alike: width, title, legend and a note on where they come from.

use crate::write::pictures::legend::{Key, legend};
use crate::write::pictures::scene::{Anchor, Colour, Scene, Type};

/// The width of two columns of a journal, 170 mm, in points.
pub(super) const WIDTH: f64 = 482.0;

/// White around everything.
pub(super) const MARGIN: f64 = 14.0;

/// Words around a picture.
pub(super) struct Words {
    pub(super) title: String,
    pub(super) below: String,
    /// Where it comes from.
    pub(super) note: String,
}

/// A picture with its title; where its body begins.
pub(super) fn begin(words: &Words) -> (Scene, f64) {
    let mut scene = Scene::new(WIDTH, &words.title, &words.below);
    let room = WIDTH - 2.0 * MARGIN;
    let title = scene.paragraph(&words.title, [MARGIN, MARGIN + 9.0], room, Type::TITLE);
    let below = Type { colour: Colour::GREY, ..Type::TEXT };
    let end = scene.paragraph(&words.below, [MARGIN, title - 1.5], room, below);
    (scene, end)
}

/// The legend and the note below a body that ends at `base`; the picture is then whole.
pub(super) fn end(mut scene: Scene, keys: &[(Key, String)], note: &str, base: f64) -> Scene {
    let room = WIDTH - 2.0 * MARGIN;
    let mut base = base;
    if !keys.is_empty() {
        base = legend(&mut scene, keys, [MARGIN, base + 16.0], room);
    }
    let note = scene.cut(note, room, Type::NOTE);
    scene.text(&note, [MARGIN, base + 15.0], Anchor::Start, Type::NOTE);
    scene.height = (base + 15.0 + MARGIN - 3.0).ceil();
    scene
}
