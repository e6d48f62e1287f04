//! HTML and SVG text, written so that nothing of a user's file can become markup.
//!
//! In: names of elements and attributes, which are the program's own, and texts, which may be anybody's. Out:
//! well-formed text. Texts and values of attributes are escaped here and nowhere else; what could turn the
//! direction of writing is shown as an escape.

use crate::text::page;

/// A name of an attribute with its value.
pub(super) type Attribute<'a> = (&'static str, &'a str);

/// Markup under construction.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Html(String);

impl Html {
    /// The text so far.
    pub(super) fn into_text(self) -> String {
        self.0
    }

    /// Adds text.
    pub(super) fn text(&mut self, text: &str) -> &mut Self {
        for letter in page(text).chars() {
            match letter {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                '\'' => self.0.push_str("&#39;"),
                other => self.0.push(other),
            }
        }
        self
    }

    /// Adds an element with what is written inside it.
    pub(super) fn within(
        &mut self,
        name: &'static str,
        attributes: &[Attribute<'_>],
        inside: impl FnOnce(&mut Self),
    ) -> &mut Self {
        self.open(name, attributes);
        inside(self);
        self.0.push_str("</");
        self.0.push_str(name);
        self.0.push('>');
        self
    }

    /// Adds an element that holds text.
    pub(super) fn element(
        &mut self,
        name: &'static str,
        attributes: &[Attribute<'_>],
        text: &str,
    ) -> &mut Self {
        self.within(name, attributes, |inside| {
            inside.text(text);
        })
    }

    /// Adds an element that can hold nothing.
    pub(super) fn void(&mut self, name: &'static str, attributes: &[Attribute<'_>]) -> &mut Self {
        self.open(name, attributes)
    }

    /// Adds what has been written apart.
    pub(super) fn append(&mut self, other: &Self) -> &mut Self {
        self.0.push_str(&other.0);
        self
    }

    /// Adds text of the program's own as it is: styles and scripts.
    pub(super) fn own(&mut self, text: &str) -> &mut Self {
        self.0.push_str(text);
        self
    }

    fn open(&mut self, name: &'static str, attributes: &[Attribute<'_>]) -> &mut Self {
        self.0.push('<');
        self.0.push_str(name);
        for (attribute, value) in attributes {
            self.0.push(' ');
            self.0.push_str(attribute);
            self.0.push_str("=\"");
            self.text(value);
            self.0.push('"');
        }
        self.0.push('>');
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_text_is_markup() {
        let mut html = Html::default();
        html.element("p", &[("title", "\"><b onclick='x'")], "<script>alert(1)</script>&\u{202e}");
        let text = html.into_text();
        assert_eq!(
            text,
            "<p title=\"&quot;&gt;&lt;b onclick=&#39;x&#39;\">&lt;script&gt;alert(1)&lt;/script&gt;&amp;\\u{202e}</p>"
        );
    }
}
