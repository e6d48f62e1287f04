//! The document around a page: head, policy, styles, scripts and data, all in one file that asks for nothing.

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::write::html::markup::Html;
use crate::write::html::packed::{base64, json_in_page};

/// The map library, without the line that names a file for debugging.
fn leaflet() -> &'static str {
    let text = include_str!("vendor/leaflet-1.9.4/leaflet.js");
    text.split("\n//# sourceMappingURL").next().unwrap_or(text)
}

/// The styles of the map library and of the page. A browser reads every break of lines as one character, and takes
/// the hash of that.
fn style() -> String {
    let text = concat!(
        include_str!("vendor/leaflet-1.9.4/leaflet.css"),
        "\n",
        include_str!("page/page.css")
    );
    text.replace("\r\n", "\n")
}

/// The scripts of the page.
const SCRIPT: &str = concat!(
    "(() => {\n\"use strict\";\n",
    include_str!("page/codec.js"),
    include_str!("page/map.js"),
    include_str!("page/table.js"),
    include_str!("page/page.js"),
    "})();\n"
);

/// A whole page as text: a title, the body, and the data that its script reads.
pub(super) fn document<T: Serialize>(title: &str, body: &Html, data: &T) -> String {
    let (style, scripts) = (style(), [leaflet(), SCRIPT]);
    let policy = format!(
        "default-src 'none'; script-src {}; style-src {}; img-src data:; base-uri 'none'; form-action 'none'",
        scripts.map(source).join(" "),
        source(&style)
    );
    let mut page = Html::default();
    page.own("<!DOCTYPE html>\n");
    page.within("html", &[("lang", "en-GB")], |html| {
        html.within("head", &[], |head| {
            head.void("meta", &[("charset", "utf-8")]);
            head.void("meta", &[("http-equiv", "Content-Security-Policy"), ("content", &policy)]);
            head.void(
                "meta",
                &[("name", "viewport"), ("content", "width=device-width, initial-scale=1")],
            );
            head.void("meta", &[("name", "referrer"), ("content", "no-referrer")]);
            head.void("meta", &[("name", "generator"), ("content", MARK)]);
            head.element("title", &[], title);
            // A picture of nothing, so that no browser asks for one.
            head.void("link", &[("rel", "icon"), ("href", "data:,")]);
            head.within("style", &[], |inside| {
                inside.own(&style);
            });
        });
        html.own("\n");
        html.within("body", &[], |inside| {
            inside.append(body);
            inside.own("\n");
            inside.within("script", &[("type", "application/json"), ("id", "data")], |script| {
                script.own(&json_in_page(data));
            });
            for text in scripts {
                inside.own("\n").within("script", &[], |script| {
                    script.own(text);
                });
            }
        });
    });
    page.own("\n");
    page.into_text()
}

/// What a page says made it.
const MARK: &str = "fibreplan report";

/// Whether the beginning of a file is that of a page of this library.
#[must_use]
pub fn is_report_page(bytes: &[u8]) -> bool {
    let head = String::from_utf8_lossy(bytes);
    head.starts_with("<!DOCTYPE html>")
        && head.contains(&format!("<meta name=\"generator\" content=\"{MARK}\">"))
}

/// How a policy names a text that may run or style.
fn source(text: &str) -> String {
    format!("'sha256-{}'", base64(&Sha256::digest(text.as_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::hexadecimal;

    #[test]
    fn what_is_vendored_is_what_was_published() {
        let hash = |bytes: &[u8]| hexadecimal(&Sha256::digest(bytes));
        assert_eq!(
            hash(include_bytes!("vendor/leaflet-1.9.4/leaflet.js")),
            "db49d009c841f5ca34a888c96511ae936fd9f5533e90d8b2c4d57596f4e5641a"
        );
        assert_eq!(
            hash(include_bytes!("vendor/leaflet-1.9.4/leaflet.css")),
            "a7837102824184820dfa198d1ebcd109ff6d0ff9a2672a074b9a1b4d147d04c6"
        );
    }

    #[test]
    fn no_script_or_style_ends_itself() {
        for script in [leaflet(), SCRIPT] {
            assert!(!script.to_lowercase().contains("</script"));
            assert!(!script.contains("sourceMappingURL"));
            assert!(!script.contains('\r'));
        }
        assert!(!style().to_lowercase().contains("</style"));
    }
}
