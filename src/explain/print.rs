//! Lines as text.

use core::fmt;

use super::explained::Explained;
use super::lines::{Limits, Line};
use super::shape::{Arrays, Ints, Kind, Miss, Node, Texts};

/// Columns that a path is given at the most before it pushes the others to the right.
const PATH_WIDTH: usize = 64;

/// Characters of a path that are shown.
const PATH_MOST: usize = 200;

/// The tree as text.
#[derive(Clone, Copy, Debug)]
pub struct Print<'e> {
    /// What is shown.
    pub explained: &'e Explained,
    /// How much of it.
    pub limits: Limits,
    /// Whether a terminal's colours are used.
    pub color: bool,
}

const BOLD: &str = "1";
const DIM: &str = "2";
const RED: &str = "31";
const YELLOW: &str = "33";
const CYAN: &str = "36";

/// The columns of a line.
#[derive(Default)]
struct Row {
    label: String,
    kind: String,
    count: String,
    bytes: String,
    share: String,
    time: String,
    lane: String,
    why: String,
    hot: bool,
}

impl fmt::Display for Print<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.header(f)?;
        let rows: Vec<Row> =
            self.explained.lines(self.limits).into_iter().map(|line| self.row(line)).collect();
        let width = |of: fn(&Row) -> &str| rows.iter().map(|row| of(row).chars().count()).max().unwrap_or(0);
        let label = width(|row| &row.label).min(PATH_WIDTH);
        let kind = width(|row| &row.kind);
        let count = width(|row| &row.count);
        let bytes = width(|row| &row.bytes);
        let time = width(|row| &row.time);
        for row in &rows {
            let left = pad(&row.label, label);
            let mut line = format!(
                "{}  {}  {:>count$}  {:>bytes$}  {:>7}",
                self.paint(BOLD, &left),
                self.paint(CYAN, &pad(&row.kind, kind)),
                row.count,
                row.bytes,
                row.share
            );
            if time > 0 {
                let text = format!("{:>time$}", row.time);
                line += "  ";
                line += &if row.hot { self.paint(RED, &text) } else { text };
            }
            if !row.lane.is_empty() {
                line += "  ";
                line += &row.lane;
            }
            if !row.why.is_empty() {
                line += "  ";
                line += &self.paint(YELLOW, &row.why);
            }
            if row.hot {
                line += "  ";
                line += &self.paint(RED, "HOT");
            }
            writeln!(f, "{}", line.trim_end())?;
        }
        Ok(())
    }
}

impl Print<'_> {
    fn header(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Explained { nodes, totals, planning, times, stop } = self.explained;
        let shown = self.explained.shown();
        debug_assert!(shown <= nodes.len());
        writeln!(
            f,
            "plan: {}, {}, {} for {} of {} elements; {} bytes (expected {}, at most {})",
            number(totals.values, "value"),
            number(shown, "node"),
            number(totals.lanes, "lane"),
            grouped(totals.in_lanes),
            grouped(totals.lane_able),
            grouped(totals.bytes),
            grouped(totals.likely),
            grouped(totals.strict),
        )?;
        let memory = format!(
            "      {} in {} ({} bytes); lanes from {}",
            number(totals.words, "word"),
            number(totals.segments, "segment"),
            grouped(totals.memory),
            totals.thresholds,
        );
        writeln!(f, "{}", self.paint(DIM, &memory))?;
        let missed = Miss::ALL.into_iter().zip(totals.missed).filter(|&(_, n)| n > 0);
        let missed: Vec<_> = missed.map(|(miss, n)| format!("{} {}", grouped(n), miss.code())).collect();
        if !missed.is_empty() {
            writeln!(f, "      elements outside of lanes: {}", missed.join(", "))?;
        }
        if let Some(times) = times {
            let planning = planning.map(|ns| format!("planning {}, ", duration(ns))).unwrap_or_default();
            let text = format!(
                "time: {planning}emitting {}; measuring made it {} ({} ns a look at the clock, taken off)",
                duration(times.emitting),
                duration(times.measured),
                tenths_of(times.clock),
            );
            writeln!(f, "{text}")?;
        }
        if let Some(stop) = stop {
            let text = format!("stopped at {}: {}", shortened(stop.path.clone()), stop.message);
            writeln!(f, "{}", self.paint(RED, &text))?;
        }
        Ok(())
    }

    fn row(&self, line: Line) -> Row {
        match line {
            Line::Node(at, depth) => self.node(at, depth),
            Line::Folded { depth, nodes, bytes, deep } => Row {
                label: format!("{}... {} more", "  ".repeat(depth), grouped(nodes)),
                kind: String::from(if deep { "(depth)" } else { "(width)" }),
                bytes: format!("{} B", grouped(bytes)),
                share: self.share(bytes),
                ..Row::default()
            },
        }
    }

    fn node(&self, at: u32, depth: usize) -> Row {
        let explained = self.explained;
        let node = &explained.nodes[at as usize];
        let reasons: Vec<String> = explained.reasons(at).into_iter().map(|reason| reason.text).collect();
        Row {
            label: format!("{}{}", "  ".repeat(depth), shortened(explained.path(at))),
            kind: explained.kind(at),
            count: grouped(node.count()),
            bytes: format!("{} B", grouped(node.bytes())),
            share: self.share(node.bytes()),
            time: self.time(at, node),
            lane: explained.lane(at),
            why: if reasons.is_empty() { String::new() } else { format!("! {}", reasons.join("; ")) },
            hot: explained.is_hot(at),
        }
    }

    fn share(&self, bytes: usize) -> String {
        tenths(bytes as u64, self.explained.totals.bytes as u64)
    }

    fn time(&self, at: u32, node: &Node) -> String {
        if self.explained.times.is_none() {
            return String::new();
        }
        let all = self.explained.nodes[0].total_time;
        let own = self.explained.own_time(at);
        let each = own as f64 / self.explained.own_count(at).max(1) as f64;
        format!("{:>7} {:>9} {each:>7.1} ns", tenths(node.total_time, all), duration(own))
    }

    fn paint(&self, code: &str, text: &str) -> String {
        if self.color { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }
}

impl Explained {
    /// Nodes that are shown if there is no limit.
    #[must_use]
    pub fn shown(&self) -> usize {
        let bare = |node: &Node| {
            node.arrays
                .as_ref()
                .and_then(|arrays| arrays.node)
                .is_some_and(|e| !self.nodes[e as usize].has_containers())
        };
        self.nodes.len() - self.nodes.iter().filter(|node| bare(node)).count()
    }

    /// What a node is: `int`, `float|null`, `object`, `int[100]`, `float[3..9]`.
    #[must_use]
    pub fn kind(&self, at: u32) -> String {
        let node = &self.nodes[at as usize];
        let kinds: Vec<String> = node
            .present()
            .into_iter()
            .map(|kind| match &node.arrays {
                Some(arrays) if kind == Kind::Array => self.array_kind(arrays),
                _ => kind.as_str().to_owned(),
            })
            .collect();
        kinds.join("|")
    }

    fn array_kind(&self, arrays: &Arrays) -> String {
        let kinds = arrays.node.map(|e| self.nodes[e as usize].present()).unwrap_or_default();
        let of = match kinds[..] {
            [] => "array",
            [one] => one.as_str(),
            _ => "mixed",
        };
        match (arrays.shortest, arrays.longest) {
            (a, b) if a == b => format!("{of}[{}]", grouped(a)),
            (a, b) => format!("{of}[{}..{}]", grouped(a), grouped(b)),
        }
    }

    /// Which lanes a node's arrays are, and how wide their elements: empty if they are none.
    #[must_use]
    pub fn lane(&self, at: u32) -> String {
        let Some(arrays) = self.nodes[at as usize].arrays.as_ref().filter(|arrays| arrays.in_lanes > 0)
        else {
            return String::new();
        };
        let Some(elements) = arrays.node.map(|e| &self.nodes[e as usize]) else { return String::new() };
        let kinds: Vec<String> = elements
            .present()
            .into_iter()
            .filter(|&kind| arrays.lanes[kind as usize] > 0)
            .map(|kind| width(kind, elements))
            .collect();
        let lanes = if kinds.len() == 1 { "lane" } else { "lanes" };
        let part = match arrays.in_lanes {
            n if n == arrays.elements => String::new(),
            n => format!(" for {} of {}", grouped(n), grouped(arrays.elements)),
        };
        format!("{} {lanes}{part}", kinds.join(", "))
    }
}

/// A kind of lane with the width of its elements.
fn width(kind: Kind, elements: &Node) -> String {
    match kind {
        Kind::Int => format!("int ({})", number(elements.ints.digits(), "digit")),
        Kind::Float => String::from("float (64 bits)"),
        Kind::Bool => String::from("bool (1 bit)"),
        _ => format!("str ({})", elements.texts.kind()),
    }
}

impl Ints {
    /// Digits of the largest.
    #[must_use]
    pub fn digits(&self) -> usize {
        self.largest.checked_ilog10().unwrap_or(0) as usize + 1
    }
}

impl Texts {
    /// How the strings are stored: the widest that occurs.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self.widths {
            [_, 0, 0, 0] => "ascii",
            [_, _, 0, 0] => "latin-1",
            [_, _, _, 0] => "ucs2",
            _ => "ucs4",
        }
    }
}

fn pad(text: &str, width: usize) -> String {
    format!("{text:<width$}")
}

/// The end says more than the beginning, which stands above.
fn shortened(path: String) -> String {
    let n = path.chars().count();
    if n <= PATH_MOST {
        return path;
    }
    format!("$...{}", path.chars().skip(n - PATH_MOST).collect::<String>())
}

/// `12345` as `12,345`.
pub(super) fn grouped(n: usize) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() * 4 / 3);
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}

fn number(n: usize, what: &str) -> String {
    format!("{} {what}{}", grouped(n), if n == 1 { "" } else { "s" })
}

/// `3 of 10`.
pub(super) fn share(part: usize, of: usize) -> String {
    format!("{} of {}", grouped(part), grouped(of))
}

/// A share in percent with one decimal.
fn tenths(part: u64, of: u64) -> String {
    format!("{:.1} %", part as f64 * 100.0 / of.max(1) as f64)
}

fn tenths_of(v: f64) -> String {
    format!("{v:.1}")
}

/// Nanoseconds for people.
fn duration(ns: u64) -> String {
    let ns = ns as f64;
    match ns {
        ..1e3 => format!("{ns:.0} ns"),
        ..1e6 => format!("{:.1} us", ns / 1e3),
        ..1e9 => format!("{:.1} ms", ns / 1e6),
        _ => format!("{:.2} s", ns / 1e9),
    }
}
