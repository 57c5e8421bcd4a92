//! Bars, drawn as SVG in the page: no script, colours of the sheet, and every number of it stands in the table beside it.

use chengxin_app::statistics::{Figure, StatisticsTable};

use crate::form::Frame;

/// Length of the longest bar, in percent of the room that there is. Nothing is scaled, so that words are as large on a wide screen as on a narrow one.
const WIDTH: u64 = 100;
/// Height of a bar with its words above it, in pixels.
const STEP: usize = 38;
/// Most characters of a name beside its number.
const NAME: usize = 20;

/// A picture of one column of a table.
#[derive(Debug, Clone)]
pub(crate) struct Chart {
    /// By which its title is found.
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) about: String,
    pub(crate) height: usize,
    pub(crate) bars: Vec<Bar>,
}

/// A bar.
#[derive(Debug, Clone)]
pub(crate) struct Bar {
    pub(crate) name: String,
    pub(crate) value: String,
    /// Where its words stand.
    pub(crate) words: usize,
    /// Where it begins.
    pub(crate) top: usize,
    /// How long it is, in percent of the room; nothing where it is not told.
    pub(crate) length: u64,
}

impl Chart {
    /// The column of a table that is drawn; none where there is nothing to draw.
    pub(crate) fn of(f: &Frame, table: &StatisticsTable) -> Option<Self> {
        let column = table.columns.get(table.drawn)?;
        let cells: Vec<(&str, Figure)> =
            table.rows.iter().filter_map(|row| Some((row.label.get(f.lang), *row.figures.get(table.drawn)?))).collect();
        let most = cells.iter().filter_map(|(_, figure)| size(*figure)).max().filter(|most| *most > 0)?;
        let whole = if cells.iter().any(|(_, figure)| matches!(figure, Figure::Share { .. })) { 100 } else { most };
        let bars = cells.iter().enumerate().map(|(at, (name, figure))| Bar {
            name: short(name),
            value: figure.text(),
            words: at * STEP + 14,
            top: at * STEP + 20,
            length: size(*figure).map_or(0, |size| (size * WIDTH).div_ceil(whole).min(WIDTH)),
        });
        let bars: Vec<Bar> = bars.collect();
        Some(Self {
            id: format!("chart-{}", table.code),
            title: format!("{} · {}", f.say(&table.title), f.say(column)),
            about: f.m1("chart-about", "count", bars.len()),
            height: bars.len() * STEP,
            bars,
        })
    }
}

/// What a bar shows of a cell.
fn size(figure: Figure) -> Option<u64> {
    match figure {
        Figure::Count { value } => Some(value),
        Figure::Share { percent, .. } => Some(u64::from(percent)),
        Figure::Withheld | Figure::Nothing => None,
    }
}

fn short(name: &str) -> String {
    let mut chars = name.chars();
    let start: String = chars.by_ref().take(NAME).collect();
    if chars.next().is_some() { start + "…" } else { start }
}
