//! The program brings its own entry and no C library's start-up files.

fn main() {
    println!("cargo::rustc-link-arg-bins=-nostartfiles");
    println!("cargo::rustc-link-arg-bins=-static");
}
