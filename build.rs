//! Hands the interpreter's version to the code as `cfg(Py_3_12)` and so on, and the machine's vectors as `cfg(neon)`
//! (aarch64) and `cfg(vectors)` (that, or x86-64).

use std::env::var;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    #[cfg(feature = "python")]
    pyo3_build_config::use_pyo3_cfgs();

    let target = |key: &str| var(format!("CARGO_CFG_TARGET_{key}")).unwrap_or_default();
    let arch = target("ARCH");
    // With bytes in the order of x86-64, and NEON in all code, as every operating system for aarch64 wants it.
    let neon = arch == "aarch64"
        && target("ENDIAN") == "little"
        && target("FEATURE").split(',').any(|feature| feature == "neon");
    println!("cargo:rustc-check-cfg=cfg(neon, vectors)");
    if neon {
        println!("cargo:rustc-cfg=neon");
    }
    if neon || arch == "x86_64" {
        println!("cargo:rustc-cfg=vectors");
    }
}
