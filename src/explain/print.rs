//! Lines as text.

use core::fmt;

use super::tree::{Explained, Line};

/// Columns that a path is given at the most before it pushes the others to the right.
const PATH_WIDTH: usize = 48;

impl fmt::Display for Explained {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "plan: {} bytes (expected {}, at most {}), {} words in {} segments, lanes from int {}, float {}, bool {}, str {}",
            grouped(self.bytes),
            grouped(self.likely),
            grouped(self.strict),
            grouped(self.words),
            self.segments,
            self.thresholds.int,
            self.thresholds.float,
            self.thresholds.bool,
            self.thresholds.text,
        )?;
        let label = |l: &Line| 2 * l.depth + l.path.chars().count();
        let width = self.lines.iter().map(label).max().unwrap_or(0).min(PATH_WIDTH);
        let count = self.lines.iter().filter_map(|l| l.count).max().map_or(0, |n| grouped(n).len());
        let bytes = grouped(self.bytes).len();
        for line in &self.lines {
            print(f, line, width, count, bytes)?;
        }
        if self.omitted > 0 {
            writeln!(f, "... and {} nodes more", grouped(self.omitted))?;
        }
        Ok(())
    }
}

fn print(f: &mut fmt::Formatter<'_>, line: &Line, width: usize, count: usize, bytes: usize) -> fmt::Result {
    let label = format!("{}{}", "  ".repeat(line.depth), line.path);
    let n = line.count.map(grouped).unwrap_or_default();
    let size = grouped(line.bytes);
    let note = if line.note.is_empty() { String::new() } else { format!("  {}", line.note) };
    writeln!(f, "{label:<width$}  {:<6}  {n:>count$}  {size:>bytes$} B{note}", line.kind)
}

/// `12345` as `12,345`.
fn grouped(n: usize) -> String {
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
