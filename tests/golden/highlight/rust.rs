//! A crate
use std::collections::HashMap;

/* outer /* inner */ still */
#[derive(Debug, Clone)]
pub struct Parser<'a> {
    text: &'a str,
    mark: char,
}

impl<'a> Parser<'a> {
    pub fn new(text: &'a str) -> Self {
        let quote = '"';
        let raw = r#"a "quoted" b"#;
        match text.len() {
            0 => println!("empty {}", raw),
            n if n > 1_000 => return Self { text, mark: '\n' },
            _ => {}
        }
        Self { text, mark: quote }
    }
}
