//! Documents that proptest can make smaller.

use proptest::collection::vec;
use proptest::prelude::*;

use super::{Doc, Key, Manner, Stored};

/// How tests use proptest: no files.
pub fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

/// Texts of each width.
pub fn stored() -> impl Strategy<Value = Stored> {
    let bmp = prop_oneof![0..0xd800_u16, 0xe000..=u16::MAX];
    let len = || prop_oneof![4 => 0..40_usize, 1 => 2040..2056_usize];
    prop_oneof![
        2 => len().prop_flat_map(|n| vec(0..0x80_u8, n)).prop_map(Stored::Ascii),
        1 => len().prop_flat_map(|n| vec(any::<u8>(), n)).prop_map(Stored::Latin1),
        1 => len().prop_flat_map(move |n| vec(bmp.clone(), n)).prop_map(Stored::Ucs2),
        1 => len()
            .prop_flat_map(|n| vec(any::<char>(), n))
            .prop_map(|s| Stored::Ucs4(s.into_iter().map(u32::from).collect())),
    ]
}

fn key() -> impl Strategy<Value = Key> {
    let known = prop_oneof!["[a-c]{0,2}", "[ -~]{0,40}"].prop_map(|s| Stored::new(&s));
    prop_oneof![
        (stored(), prop_oneof![Just(Manner::Kept), Just(Manner::Passing)])
            .prop_map(|(stored, manner)| Key { stored, manner }),
        known.prop_map(|stored| Key { stored, manner: Manner::Known }),
    ]
}

fn scalar() -> impl Strategy<Value = Doc> {
    prop_oneof![
        Just(Doc::Null),
        any::<bool>().prop_map(Doc::Bool),
        any::<i64>().prop_map(Doc::Int),
        (-1000..1000_i64).prop_map(Doc::Int),
        (1_u64 << 63..).prop_map(Doc::Uint),
        any::<u64>().prop_map(|bits| Doc::Float(f64::from_bits(bits))),
        stored().prop_map(Doc::Text),
        stored().prop_map(Doc::Passing),
        prop_oneof!["[ -~]{0,70}", "é{0,400}", "[,]{0,3}"].prop_map(|s| Doc::Raw(s.into_bytes())),
    ]
}

/// Arrays whose elements are alike.
fn lane() -> impl Strategy<Value = Doc> {
    let array = |elements: Vec<Doc>| Doc::Array(elements);
    prop_oneof![
        vec(any::<i64>().prop_map(Doc::Int), 0..300).prop_map(array),
        vec(any::<f64>().prop_map(Doc::Float), 0..300).prop_map(array),
        vec(any::<bool>().prop_map(Doc::Bool), 0..300).prop_map(array),
        vec(stored().prop_map(Doc::Text), 0..40).prop_map(array),
    ]
}

/// Documents.
pub fn document() -> impl Strategy<Value = Doc> {
    prop_oneof![4 => scalar(), 1 => lane()].prop_recursive(5, 64, 8, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..8).prop_map(Doc::Array),
            vec((key(), inner), 0..8).prop_map(Doc::Object),
        ]
    })
}
