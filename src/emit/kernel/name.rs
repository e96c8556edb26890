//! The levels by name: which there are, which of them the machine has, and which one was chosen.

#[cfg(target_arch = "x86_64")]
use core::sync::atomic::{AtomicBool, Ordering::Relaxed};

/// Whether x86-64-v4 was chosen, which [`Name::choose`] knows the machine to have.
#[cfg(target_arch = "x86_64")]
pub(super) static IS_V4: AtomicBool = AtomicBool::new(false);

/// The levels there are, worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Name {
    /// No vector instructions; the same on every machine.
    Scalar,
    /// x86-64-v2: SSSE3, SSE4.1, SSE4.2, POPCNT.
    V2,
    /// x86-64-v3: AVX2, BMI1, BMI2, LZCNT.
    V3,
    /// x86-64-v4 with IFMA, VBMI and VBMI2, as Intel has them since Ice Lake and AMD since Zen 4.
    V4,
    /// aarch64 with NEON, which hardly one is without.
    Neon,
}

impl Name {
    /// Every level, worst first.
    pub const ALL: [Self; 5] = [Self::Scalar, Self::V2, Self::V3, Self::V4, Self::Neon];

    /// As `PLANJSON_LEVEL` spells it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Scalar => "scalar",
            Self::V2 => "x86-64-v2",
            Self::V3 => "x86-64-v3",
            Self::V4 => "x86-64-v4",
            Self::Neon => "neon",
        }
    }

    /// The level with this name, if there is one.
    #[must_use]
    pub fn parse(s: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|n| n.as_str() == s)
    }

    /// Whether this machine has the instructions.
    #[must_use]
    pub fn is_available(self) -> bool {
        match self {
            Self::Scalar => true,
            #[cfg(target_arch = "x86_64")]
            Self::V2 => {
                is_x86_feature_detected!("sse4.2")
                    && is_x86_feature_detected!("ssse3")
                    && is_x86_feature_detected!("popcnt")
            }
            #[cfg(target_arch = "x86_64")]
            Self::V3 => {
                Self::V2.is_available()
                    && is_x86_feature_detected!("avx2")
                    && is_x86_feature_detected!("bmi1")
                    && is_x86_feature_detected!("bmi2")
                    && is_x86_feature_detected!("lzcnt")
            }
            #[cfg(target_arch = "x86_64")]
            Self::V4 => {
                Self::V3.is_available()
                    && is_x86_feature_detected!("avx512f")
                    && is_x86_feature_detected!("avx512bw")
                    && is_x86_feature_detected!("avx512cd")
                    && is_x86_feature_detected!("avx512dq")
                    && is_x86_feature_detected!("avx512ifma")
                    && is_x86_feature_detected!("avx512vl")
                    && is_x86_feature_detected!("avx512vbmi")
                    && is_x86_feature_detected!("avx512vbmi2")
            }
            // All code is compiled for it.
            #[cfg(neon)]
            Self::Neon => true,
            _ => false,
        }
    }

    /// Makes this the level that `Chosen` stands for, in the whole process. It is one that the machine has.
    pub fn choose(self) {
        assert!(self.is_available(), "the machine has the level");
        #[cfg(target_arch = "x86_64")]
        IS_V4.store(self == Self::V4, Relaxed);
    }

    /// The best level of this machine.
    #[must_use]
    pub fn best() -> Self {
        Self::ALL.into_iter().rfind(|n| n.is_available()).unwrap_or(Self::Scalar)
    }
}

/// Runs `$body` with `$L` naming the type of the level `$name`.
#[macro_export]
macro_rules! with_level {
    ($name:expr, $L:ident => $body:expr) => {
        $crate::with_level!($name, $L = V3 V4 => $body)
    };
    ($name:expr, $L:ident = $v3:ident $v4:ident => $body:expr) => {
        match $name {
            #[cfg(target_arch = "x86_64")]
            $crate::emit::kernel::Name::V4 => {
                type $L = $crate::emit::kernel::$v4;
                $body
            }
            #[cfg(target_arch = "x86_64")]
            $crate::emit::kernel::Name::V3 => {
                type $L = $crate::emit::kernel::$v3;
                $body
            }
            #[cfg(all(target_arch = "x86_64", not(feature = "quick")))]
            $crate::emit::kernel::Name::V2 => {
                type $L = $crate::emit::kernel::V2;
                $body
            }
            #[cfg(neon)]
            $crate::emit::kernel::Name::Neon => {
                type $L = $crate::emit::kernel::Neon;
                $body
            }
            #[cfg(not(feature = "quick"))]
            _ => {
                type $L = $crate::emit::kernel::Scalar;
                $body
            }
            #[cfg(feature = "quick")]
            _ => panic!("a quick build has the levels x86-64-v3, x86-64-v4 and neon alone"),
        }
    };
}

/// As [`with_level!`] for the level that was chosen ([`Name::choose`]), in code that is large: x86-64-v3 and x86-64-v4
/// share it.
#[macro_export]
macro_rules! with_chosen {
    ($name:expr, $L:ident => $body:expr) => {
        $crate::with_level!($name, $L = Chosen Chosen => $body)
    };
}
