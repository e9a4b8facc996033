//! What is wrong does not compile, and the compiler's message says what to do.

#[test]
fn misuse_does_not_compile_and_says_why() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("compile_fail/*/*.rs");
}
