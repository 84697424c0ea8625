//! What is in a wasm module: bytes by section, by crate and by function, from its own list of names.

use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter};

use anyhow::{Context, Result};
use wasmparser::{KnownCustom, Name, Parser, Payload, TypeRef};

/// Functions listed.
const N_FUNCTIONS: usize = 30;

/// Bytes of a module by what they are for.
#[derive(Debug, Default)]
pub(super) struct Contents {
    sections: BTreeMap<&'static str, usize>,
    crates: BTreeMap<String, usize>,
    functions: Vec<(usize, String)>,
}

impl Contents {
    /// Looks into a module that has its names.
    pub(super) fn of(module: &[u8]) -> Result<Self> {
        let mut found = Self::default();
        let (mut n_imported, mut bodies, mut names) = (0_usize, Vec::new(), BTreeMap::new());
        for payload in Parser::new(0).parse_all(module) {
            match payload.context("the module cannot be read")? {
                Payload::ImportSection(imports) => {
                    for import in imports.into_imports() {
                        n_imported += usize::from(matches!(import?.ty, TypeRef::Func(_)));
                    }
                }
                Payload::CodeSectionStart { size, .. } => {
                    found.sections.insert("code", size as usize);
                }
                Payload::CodeSectionEntry(body) => bodies.push(body.range().len()),
                Payload::DataSection(data) => {
                    found.sections.insert("data", data.range().len());
                }
                Payload::ElementSection(elements) => {
                    found.sections.insert("tables of functions", elements.range().len());
                }
                Payload::CustomSection(section) => {
                    let KnownCustom::Name(listed) = section.as_known() else { continue };
                    for list in listed {
                        let Name::Function(functions) = list? else { continue };
                        for function in functions {
                            let function = function?;
                            names.insert(function.index as usize, function.name.to_owned());
                        }
                    }
                }
                _ => {}
            }
        }
        for (place, bytes) in bodies.into_iter().enumerate() {
            let name = names.get(&(n_imported + place)).map_or("?", String::as_str);
            let name = format!("{:#}", rustc_demangle::demangle(name));
            *found.crates.entry(crate_of(&name)).or_default() += bytes;
            found.functions.push((bytes, name));
        }
        found.functions.sort_by(|a, b| b.cmp(a));
        Ok(found)
    }
}

/// The crate, or the part of the standard library, that a function belongs to, by its demangled name.
fn crate_of(name: &str) -> String {
    let start =
        name.trim_start_matches(['<', '&', '*', '(', '[']).trim_start_matches("mut ").trim_start_matches("dyn ");
    let end = start.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(start.len());
    let (word, rest) = start.split_at(end);
    // What is of the standard library is told by its module, as that is what was compiled anew for some type.
    match (word, rest.strip_prefix("::")) {
        ("core" | "alloc" | "std", Some(inner)) => {
            let end = inner.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(inner.len());
            format!("{word}::{}", &inner[..end])
        }
        (_, Some(_)) => word.to_owned(),
        _ => "other".to_owned(),
    }
}

impl Display for Contents {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        writeln!(out, "\n  {:>10}   section", "bytes")?;
        for (name, bytes) in &self.sections {
            writeln!(out, "  {bytes:>10}   {name}")?;
        }
        writeln!(out, "\n  {:>10}   crate, or module of the standard library", "bytes")?;
        let mut crates: Vec<_> = self.crates.iter().map(|(name, bytes)| (*bytes, name)).collect();
        crates.sort_by(|a, b| b.cmp(a));
        for (bytes, name) in crates.iter().filter(|(bytes, _)| *bytes >= 4096) {
            writeln!(out, "  {bytes:>10}   {name}")?;
        }
        writeln!(out, "\n  {:>10}   function, the largest", "bytes")?;
        for (bytes, name) in self.functions.iter().take(N_FUNCTIONS) {
            writeln!(out, "  {bytes:>10}   {}", name.chars().take(110).collect::<String>())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_belong_to_the_crate_that_their_name_begins_with() {
        for (name, expected) in [
            ("forge_learn::forest::grow", "forge_learn"),
            ("<forge_core::job::Job as serde::Serialize>::serialize", "forge_core"),
            ("<&mut serde_json::de::Deserializer<R>>::end", "serde_json"),
            ("core::slice::sort::stable::drift::sort", "core::slice"),
            ("main", "other"),
            ("?", "other"),
        ] {
            assert_eq!(crate_of(name), expected, "{name}");
        }
    }

    #[test]
    fn the_smallest_module_has_no_functions_and_nonsense_is_refused() {
        assert!(Contents::of(b"\0asm\x01\0\0\0").unwrap().functions.is_empty());
        assert!(Contents::of(b"nonsense").is_err());
    }
}
