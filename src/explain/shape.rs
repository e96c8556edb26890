//! The tree: what is known of each place of a document.

use std::collections::HashMap;

use crate::text::Text;

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Kind {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool,
    /// An integer.
    Int,
    /// A double.
    Float,
    /// A string.
    Text,
    /// An array.
    Array,
    /// An object.
    Object,
    /// JSON that was finished before it came to the planner: a date, a decimal, a fragment.
    Raw,
}

impl Kind {
    /// In the order of their numbers.
    pub const ALL: [Self; 8] =
        [Self::Null, Self::Bool, Self::Int, Self::Float, Self::Text, Self::Array, Self::Object, Self::Raw];

    /// What a person calls it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool => "bool",
            Self::Int => "int",
            Self::Float => "float",
            Self::Text => "str",
            Self::Array => "array",
            Self::Object => "object",
            Self::Raw => "raw",
        }
    }

    /// Whether lanes of it exist.
    pub(super) const fn has_lanes(self) -> bool {
        matches!(self, Self::Bool | Self::Int | Self::Float | Self::Text)
    }
}

/// How many, and how large.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Values.
    pub count: usize,
    /// Their bytes, with keys and with the commas behind.
    pub bytes: usize,
}

impl Tally {
    pub(super) const fn add(&mut self, count: usize, bytes: usize) {
        self.count += count;
        self.bytes += bytes;
    }
}

/// The step from a node to one below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// The document.
    Root,
    /// The member with this key.
    Member(Box<str>),
    /// Members that are folded into one, whatever their keys.
    Members,
    /// All elements of the arrays.
    Elements,
}

/// Integers of a place.
#[derive(Clone, Copy, Debug, Default)]
pub struct Ints {
    /// The largest magnitude.
    pub largest: u64,
    /// Those beyond 63 bits.
    pub unsigned: usize,
}

/// Strings of a place.
#[derive(Clone, Copy, Debug, Default)]
pub struct Texts {
    /// How many are stored as ASCII, Latin-1, UCS2, UCS4.
    pub widths: [usize; 4],
    /// Too long to be copied into the plan.
    pub held: usize,
    /// ASCII strings in which something is escaped; not counted in indented form.
    pub escaped: usize,
}

/// Why elements are in no lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Miss {
    /// Elements of several kinds.
    Mixed,
    /// Too few.
    Short,
    /// Integers beyond 63 bits between the others.
    Unsigned,
    /// Integers are checked one by one.
    Strict,
    /// Instances of subclasses, or what was told one by one for another reason.
    Single,
}

impl Miss {
    pub(super) const COUNT: usize = 5;

    /// In the order of their numbers.
    pub const ALL: [Self; Self::COUNT] =
        [Self::Mixed, Self::Short, Self::Unsigned, Self::Strict, Self::Single];

    /// A word for programs.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Mixed => "mixed",
            Self::Short => "below-threshold",
            Self::Unsigned => "unsigned",
            Self::Strict => "strict-integer",
            Self::Single => "single",
        }
    }
}

/// Arrays that missed a lane for one reason.
#[derive(Clone, Debug, Default)]
pub struct Missed {
    /// So many arrays.
    pub arrays: usize,
    /// Their elements outside of lanes.
    pub elements: usize,
    /// What the first of them looks like.
    pub first: String,
}

/// Arrays of a place.
#[derive(Clone, Debug, Default)]
pub struct Arrays {
    /// Their elements.
    pub elements: usize,
    /// The fewest elements of one.
    pub shortest: usize,
    /// The most.
    pub longest: usize,
    /// Elements that are in lanes.
    pub in_lanes: usize,
    /// The same by [`Kind`].
    pub lanes: [usize; 8],
    /// By [`Miss`].
    pub missed: [Missed; Miss::COUNT],
    /// The node of the elements.
    pub node: Option<u32>,
}

/// One order of one set of keys.
#[derive(Clone, Debug)]
pub struct Shape {
    /// The keys in order.
    pub(super) sequence: u64,
    /// The keys as a set.
    pub(super) set: u64,
    /// Objects that have it.
    pub count: usize,
    /// Where the first of them is, if it is not the first object of all.
    pub first: String,
}

impl Shape {
    #[inline]
    pub(super) const fn is(&self, sequence: u64, set: u64) -> bool {
        self.sequence == sequence && self.set == set
    }
}

/// Shapes that are told apart at one place.
pub(super) const SHAPES: usize = 64;

/// Objects of a place.
#[derive(Clone, Debug, Default)]
pub struct Objects {
    /// The nodes of their members, in the order in which they were met.
    pub members: Vec<u32>,
    /// The node of all members that are not told apart.
    pub rest: Option<u32>,
    /// Different keys in `rest`: an upper bound.
    pub folded: usize,
    /// Their shapes, the first object's first.
    pub shapes: Vec<Shape>,
    /// Objects of further shapes.
    pub others: usize,
    /// The shape that was met last.
    pub(super) last: usize,
    /// Members by key, once there are many.
    pub(super) lookup: HashMap<Box<str>, u32>,
}

/// All values of one place.
#[derive(Clone, Debug)]
pub struct Node {
    /// The node around it; its own number for the root.
    pub parent: u32,
    /// The step from there.
    pub place: Place,
    /// Its place among the parent's members.
    pub(super) index: u32,
    /// Stands for its key in shapes.
    pub(super) hash: u64,
    /// Its key's [`Text::rank`].
    pub(super) rank: u128,
    /// By [`Kind`].
    pub kinds: [Tally; 8],
    /// Its integers.
    pub ints: Ints,
    /// Doubles that JSON has no form for, written as null.
    pub lost: usize,
    /// Its strings.
    pub texts: Texts,
    /// Its arrays.
    pub arrays: Option<Box<Arrays>>,
    /// Its objects.
    pub objects: Option<Box<Objects>>,
    /// A value, if values were wanted.
    pub example: Option<Box<str>>,
    /// Nanoseconds of emission, those of the nodes below not among them.
    pub time: u64,
    /// The same with those below.
    pub total_time: u64,
}

impl Node {
    pub(super) fn new(parent: u32, place: Place, index: u32) -> Self {
        let (hash, rank) = match &place {
            Place::Member(key) => (key_hash(key), Text::ascii(key.as_bytes()).rank(0)),
            _ => (1, 0),
        };
        Self {
            parent,
            place,
            index,
            hash,
            rank,
            kinds: [Tally::default(); 8],
            ints: Ints::default(),
            lost: 0,
            texts: Texts::default(),
            arrays: None,
            objects: None,
            example: None,
            time: 0,
            total_time: 0,
        }
    }

    /// What it has of one kind.
    #[must_use]
    pub const fn tally(&self, kind: Kind) -> Tally {
        self.kinds[kind as usize]
    }

    /// All its values.
    #[must_use]
    pub fn count(&self) -> usize {
        self.kinds.iter().map(|t| t.count).sum()
    }

    /// All its bytes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.kinds.iter().map(|t| t.bytes).sum()
    }

    /// The kinds that it has, the most frequent first.
    #[must_use]
    pub fn present(&self) -> Vec<Kind> {
        let mut kinds: Vec<_> = Kind::ALL.into_iter().filter(|&kind| self.tally(kind).count > 0).collect();
        kinds.sort_by_key(|&kind| core::cmp::Reverse(self.tally(kind).count));
        kinds
    }

    /// Whether it has values with something inside.
    #[must_use]
    pub const fn has_containers(&self) -> bool {
        self.arrays.is_some() || self.objects.is_some()
    }
}

/// The same for the same key, in every run.
fn key_hash(key: &str) -> u64 {
    let mix = |hash: u64, b: u8| (hash ^ u64::from(b)).wrapping_mul(0x100_0000_01b3);
    let hash = key.bytes().fold(0xcbf2_9ce4_8422_2325, mix);
    hash ^ hash >> 29
}
