//! Telling a document to a sink, with runs where neighbours are alike, as the walk over live objects does.

use std::collections::HashMap;

use planjson::emit::room::fragment;
use planjson::fragment::Fragment;
use planjson::plan::{Thresholds, is_copied};
use planjson::sink::{RUN, Sink, TEXT_RUN, WORDS};
use planjson::text::{LoneSurrogate, Text};

use super::{Doc, Key, Manner, Stored};

/// Tells `doc`. Texts that are not copied and do not pass must outlive a sink that keeps.
pub fn tell<S: Sink>(doc: &Doc, thresholds: &Thresholds, sink: &mut S, pen: S::Pen) -> S::Pen {
    Teller { sink, thresholds, known: HashMap::new(), empties: 0 }.value(pen, doc)
}

struct Teller<'s, S> {
    sink: &'s mut S,
    thresholds: &'s Thresholds,
    /// The known keys so far and their numbers, which are dense.
    known: HashMap<Vec<u8>, (u32, Fragment)>,
    /// Empty containers so far.
    empties: usize,
}

/// Elements at the front of `rest` for which there is a `part`, at most `most`.
fn run<'d, T>(rest: &'d [Doc], most: usize, part: impl Fn(&'d Doc) -> Option<T>) -> Vec<T> {
    rest.iter().map_while(part).take(most).collect()
}

/// The doubles of the arrays at the front of `rest`, which have 2 to 4 each and all the same number, and that number.
fn rows(rest: &[Doc]) -> Option<(Vec<f64>, usize)> {
    let row = |doc: &Doc| match doc {
        Doc::Array(row) => Some(run(row, RUN, |d| if let Doc::Float(v) = d { Some(*v) } else { None }))
            .filter(|floats| floats.len() == row.len()),
        _ => None,
    };
    let width = row(rest.first()?).map(|first| first.len()).filter(|width| (2..=4).contains(width))?;
    let rows = rest.iter().map_while(|doc| row(doc).filter(|row| row.len() == width));
    Some((rows.take(RUN / width).flatten().collect(), width))
}

/// Calls `told` with a copy of `stored` that is spoilt afterwards.
fn passing<R>(stored: &Stored, told: impl FnOnce(Text<'_>) -> R) -> R {
    let mut copy = stored.clone();
    let result = told(copy.text());
    copy.spoil();
    result
}

/// Calls `told` with a text that is gone afterwards if it is so short that nobody may hold it.
fn kept<P>(stored: &Stored, told: impl FnOnce(Text<'_>) -> Result<P, LoneSurrogate>) -> P {
    let text = stored.text();
    let told = if is_copied(text.len(), text.width()) { passing(stored, told) } else { told(text) };
    told.expect("documents have no surrogates")
}

impl<S: Sink> Teller<'_, S> {
    fn value(&mut self, pen: S::Pen, doc: &Doc) -> S::Pen {
        match doc {
            Doc::Null => self.sink.null(pen),
            Doc::Bool(v) => self.sink.bool(pen, *v),
            Doc::Int(v) => self.sink.int(pen, *v),
            Doc::Uint(v) => self.sink.uint(pen, *v),
            Doc::Float(v) => self.sink.float(pen, *v),
            Doc::Text(s) => kept(s, |t| self.sink.text(pen, t)),
            Doc::Passing(s) => {
                passing(s, |t| self.sink.passing_text(pen, t)).expect("documents have no surrogates")
            }
            Doc::Raw(bytes) => {
                let mut copy = bytes.clone();
                let pen = self.sink.raw(pen, &copy);
                copy.fill(b'!');
                pen
            }
            Doc::Array(elements) => self.array(pen, elements),
            Doc::Object(members) => self.object(pen, members),
        }
    }

    fn object(&mut self, pen: S::Pen, members: &[(Key, Doc)]) -> S::Pen {
        if members.is_empty() && self.one_call() {
            return self.sink.empty_object(pen);
        }
        let pen = self.sink.open_object(pen, members.len());
        let pen = members.iter().fold(pen, |pen, (key, value)| {
            let pen = self.key(pen, key);
            self.value(pen, value)
        });
        self.sink.close_object(pen)
    }

    /// Whether the next empty container is told in one call: each second one.
    fn one_call(&mut self) -> bool {
        self.empties += 1;
        self.empties % 2 == 1
    }

    fn key(&mut self, pen: S::Pen, key: &Key) -> S::Pen {
        match key.manner {
            Manner::Kept => kept(&key.stored, |t| self.sink.key(pen, t)),
            Manner::Passing => {
                passing(&key.stored, |t| self.sink.passing_key(pen, t)).expect("documents have no surrogates")
            }
            Manner::Known => match self.number(&key.stored) {
                Some((id, fragment)) if S::KNOWS => self.sink.known_key(pen, id, &fragment),
                _ => kept(&key.stored, |t| self.sink.key(pen, t)),
            },
        }
    }

    /// The number and the fragment of a key, if it can have one.
    fn number(&mut self, stored: &Stored) -> Option<(u32, Fragment)> {
        let fragment = fragment(stored.text())?;
        let next = self.known.len() as u32;
        Some(*self.known.entry(stored.text().as_bytes().to_vec()).or_insert((next, fragment)))
    }

    fn array(&mut self, pen: S::Pen, elements: &[Doc]) -> S::Pen {
        if elements.is_empty() && self.one_call() {
            return self.sink.empty_array(pen);
        }
        let mut pen = self.sink.open_array(pen, elements.len());
        let mut rest = elements;
        while let Some(first) = rest.first() {
            let told;
            if S::ROWS
                && let Some((rows, width)) = rows(rest)
            {
                pen = self.sink.rows(pen, &rows, width);
                rest = &rest[rows.len() / width..];
                continue;
            }
            (pen, told) = match rest {
                [Doc::Int(_), Doc::Int(_), ..] => self.ints(pen, rest),
                [Doc::Float(_), Doc::Float(_), ..] => self.floats(pen, rest),
                [Doc::Bool(_), Doc::Bool(_), ..] => self.bools(pen, rest),
                [Doc::Text(_), Doc::Text(_), ..] => self.texts(pen, rest),
                _ => (self.value(pen, first), 1),
            };
            rest = &rest[told..];
        }
        self.sink.close_array(pen)
    }

    fn ints(&mut self, pen: S::Pen, rest: &[Doc]) -> (S::Pen, usize) {
        let run = run(rest, RUN, |d| if let Doc::Int(v) = d { Some(*v) } else { None });
        let pen = if run.len() >= self.thresholds.int {
            self.sink.ints(pen, &run)
        } else {
            run.iter().fold(pen, |pen, &v| self.sink.int(pen, v))
        };
        (pen, run.len())
    }

    fn floats(&mut self, pen: S::Pen, rest: &[Doc]) -> (S::Pen, usize) {
        let run = run(rest, RUN, |d| if let Doc::Float(v) = d { Some(*v) } else { None });
        let pen = if run.len() >= self.thresholds.float {
            self.sink.floats(pen, &run)
        } else {
            run.iter().fold(pen, |pen, &v| self.sink.float(pen, v))
        };
        (pen, run.len())
    }

    fn bools(&mut self, mut pen: S::Pen, rest: &[Doc]) -> (S::Pen, usize) {
        let run = run(rest, 64 * WORDS, |d| if let Doc::Bool(v) = d { Some(*v) } else { None });
        if run.len() < self.thresholds.bool {
            return (run.iter().fold(pen, |pen, &v| self.sink.bool(pen, v)), run.len());
        }
        let bits = |run: &[bool], above| run.iter().rev().fold(above, |bits, &v| bits << 1 | u64::from(v));
        let (words, last) = run.as_chunks::<64>();
        let words: Vec<u64> = words.iter().map(|word| bits(word, 0)).collect();
        if !words.is_empty() {
            pen = self.sink.many_bools(pen, &words);
        }
        // Bits behind the last one mean nothing.
        (self.sink.bools(pen, bits(last, u64::MAX), last.len()), run.len())
    }

    fn texts(&mut self, pen: S::Pen, rest: &[Doc]) -> (S::Pen, usize) {
        let run = run(rest, TEXT_RUN, |d| if let Doc::Text(s) = d { Some(s) } else { None });
        let pen = if run.len() >= self.thresholds.text {
            let texts: Vec<Text<'_>> = run.iter().map(|s| s.text()).collect();
            self.sink.texts(pen, &texts).unwrap_or_else(|i| panic!("text {i} has a surrogate"))
        } else {
            run.iter().fold(pen, |pen, s| kept(s, |t| self.sink.text(pen, t)))
        };
        (pen, run.len())
    }
}
