//! A report that people look at: one page with map, charts and tables, in one file.
//!
//! In: the figures of `report::page` and a report. Out: the text of a page that opens from disk, asks for nothing
//! from anywhere, and says so in its content security policy. Texts are escaped by the one writer of markup, data
//! is packed JSON, charts are SVG made here, the map is drawn by `page/*.js` over Leaflet (`vendor/`). The writer
//! is small; a template engine (askama) was measured at sixteen seconds of CPU in the first build.

mod chart;
mod compared_data;
mod comparison_page;
mod data;
mod document;
mod frame;
mod frontier_page;
mod markup;
mod money;
mod packed;
mod plan_data;
mod plan_page;
mod shown;
mod table;
mod words;
mod years;

pub use comparison_page::comparison_html;
pub use document::is_report_page;
pub use frontier_page::frontier_html;
pub use plan_page::plan_html;
pub use shown::Shown;
