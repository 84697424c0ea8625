//! Warnings about pictures, by what is the matter, with the names of the first few.

/// Pictures named in a warning.
const MAX_NAMED: usize = 5;

/// Pictures that something is the matter with.
#[derive(Debug, Default)]
pub(crate) struct Troubles(Vec<Trouble>);

#[derive(Debug)]
struct Trouble {
    what: &'static str,
    named: Vec<String>,
    count: usize,
}

impl Troubles {
    /// Notes that a picture is `what`, which follows "is" or "are" in a sentence, with more about it where there is more to
    /// say. Gives back what to say of the picture alone.
    pub(crate) fn note(&mut self, what: &'static str, name: &str, more: &str) -> String {
        let place = self.0.iter().position(|known| known.what == what).unwrap_or_else(|| {
            self.0.push(Trouble { what, named: Vec::new(), count: 0 });
            self.0.len() - 1
        });
        let trouble = &mut self.0[place];
        trouble.count += 1;
        if trouble.named.len() < MAX_NAMED {
            trouble.named.push(if more.is_empty() { name.to_owned() } else { format!("{name} ({more})") });
        }
        if more.is_empty() { what.to_owned() } else { format!("{what}: {more}") }
    }

    /// One sentence for each thing that is the matter.
    pub(crate) fn warnings(self) -> Vec<String> {
        let sentence = |trouble: Trouble| {
            let more = trouble.count - trouble.named.len();
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            let pictures = if trouble.count == 1 { "picture is" } else { "pictures are" };
            format!("{} {pictures} {}: {}{more}.", trouble.count, trouble.what, trouble.named.join(", "))
        };
        self.0.into_iter().map(sentence).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_pictures_are_named_and_the_others_counted() {
        let mut troubles = Troubles::default();
        for i in 0..7 {
            troubles.note("without a mask", &format!("{i}.png"), "");
        }
        assert_eq!(troubles.note("broken", "x.png", "no PNG"), "broken: no PNG");
        assert_eq!(
            troubles.warnings(),
            [
                "7 pictures are without a mask: 0.png, 1.png, 2.png, 3.png, 4.png and 2 more.",
                "1 picture is broken: x.png (no PNG)."
            ]
        );
    }
}
