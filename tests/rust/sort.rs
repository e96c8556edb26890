//! The order of texts, few and many, against the standard library's stable sort.

use planjson::emit::kernel::Chars;
use planjson::sort::few::MOST;
use planjson::sort::{Few, Many};
use planjson::text::Text;
use proptest::collection::vec;
use proptest::prelude::*;

/// Characters as an interpreter would store them.
enum Stored {
    Bytes(Vec<u8>, bool),
    Ucs2(Vec<u16>),
    Ucs4(Vec<u32>),
}

impl Stored {
    fn new(text: &str) -> Self {
        match text.chars().max().unwrap_or('a') as u32 {
            widest @ ..=0xff => Self::Bytes(text.chars().map(|c| c as u8).collect(), widest < 0x80),
            ..=0xffff => Self::Ucs2(text.chars().map(|c| c as u16).collect()),
            _ => Self::Ucs4(text.chars().map(|c| c as u32).collect()),
        }
    }

    fn text(&self) -> Text<'_> {
        match self {
            Self::Bytes(s, true) => Text::ascii(s),
            Self::Bytes(s, false) => Chars::Latin1(s).into(),
            Self::Ucs2(s) => Chars::Ucs2(s).into(),
            Self::Ucs4(s) => Chars::Ucs4(s).into(),
        }
    }
}

/// Sorts in every way there is for so many, twice with the same tools.
fn check(texts: &[String], few: &mut Few, many: &mut Many) {
    let n = texts.len();
    let stored: Vec<_> = texts.iter().map(|text| Stored::new(text)).collect();
    let mut expected: Vec<_> = (0..n as u32).collect();
    expected.sort_by_key(|&i| &texts[i as usize]);
    for _ in 0..2 {
        if n <= MOST {
            let order: Vec<_> = few.order(n, |i| stored[i].text()).iter().copied().map(u32::from).collect();
            assert_eq!(order, expected, "few: {texts:?}");
        }
        let order: Vec<_> = many.order(n, |i| stored[i].text()).expect("memory").collect();
        assert_eq!(order, expected, "many: {texts:?}");
    }
}

fn strange() -> impl Strategy<Value = String> {
    let front = prop_oneof![
        Just(""),
        Just("p"),
        Just("/metrics/"),
        Just("the same 12 b"),
        Just("twenty characters of"),
        Just("é"),
        Just("中")
    ];
    (
        front,
        vec(
            prop_oneof![
                "[a-c\0]",
                "[0-9]",
                "[é\u{80}-\u{ff}]",
                "[中\u{7ff}\u{800}\u{ffff}]",
                "[\u{10000}\u{10ffff}]"
            ],
            0..6,
        ),
    )
        .prop_map(|(front, parts)| front.to_owned() + &parts.concat())
}

fn plain() -> impl Strategy<Value = String> {
    (prop_oneof![Just(""), Just("key"), Just("a long front of keys ")], "[a-d0-3\0]{0,14}")
        .prop_map(|(front, rest)| front.to_owned() + &rest)
}

proptest! {
    #[test]
    fn any_texts_are_put_in_order(texts in vec(strange(), 0..160)) {
        check(&texts, &mut Few::default(), &mut Many::default());
    }

    #[test]
    fn ascii_is_put_in_order(texts in vec(plain(), 0..700)) {
        check(&texts, &mut Few::default(), &mut Many::default());
    }
}

#[test]
fn every_number_of_texts() {
    let (mut few, mut many) = (Few::default(), Many::default());
    for n in (0..=MOST + 2).chain([255, 256, 257, 511, 512, 513, 5000]) {
        for spread in [1, 7919, 104_729] {
            let numbers =
                |front: &str| (0..n).map(|i| format!("{front}{}", i * spread % 10_007)).collect::<Vec<_>>();
            check(&numbers(""), &mut few, &mut many);
            check(&numbers("user/name/"), &mut few, &mut many);
        }
        check(&vec!["all the same".to_owned(); n], &mut few, &mut many);
        check(&(0..n).map(|i| "\0".repeat(i * 31 % n.min(50))).collect::<Vec<_>>(), &mut few, &mut many);
    }
}

#[test]
fn texts_that_differ_far_behind() {
    let (mut few, mut many) = (Few::default(), Many::default());
    for length in (0..40).chain([1000, 1016, 1024, 1030, 3000]) {
        for n in [2, 3, 5, 20, 129, 700] {
            let tail = |i: usize| "x".repeat(length) + &(i * 7919 % 1009).to_string();
            let mut texts: Vec<_> = (0..n).map(tail).collect();
            check(&texts, &mut few, &mut many);
            texts[n / 2] = "é".to_owned() + &texts[n / 2];
            check(&texts, &mut few, &mut many);
            texts[0] = "a".to_owned();
            check(&texts, &mut few, &mut many);
        }
    }
}
