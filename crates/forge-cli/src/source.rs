//! What a command works on: a file, a web address, a data set of the catalogue, or standard input.

use std::convert::Infallible;
use std::path::Path;
use std::str::FromStr;

use anyhow::{Context as _, bail};
use forge_core::TaskData;
use forge_data::{
    AnnotatedExamples, CorpusFile, CorpusOptions, CsvOptions, Data, DataError, DataSet, Role, TableFile, read_corpus,
    read_table,
};
use serde_json::{Map, Value};

use crate::context::{Context, Log};
use crate::download;
use crate::input::read_stdin;
use crate::memory;
use crate::pictures::PictureInput;
use crate::samples::sample;

/// The word that stands for made-up rows in place of a file.
pub(crate) const SYNTHETIC: &str = "synthetic";

/// What the user named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Source(String);

impl FromStr for Source {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self(text.to_owned()))
    }
}

/// Data that were read.
pub(crate) enum Input {
    /// Rows of columns.
    Table(TableFile),
    /// Sentences of tagged tokens.
    Corpus(CorpusFile),
    /// Labels by several annotators.
    Annotations(AnnotatedExamples),
    /// Pictures with what models see in them.
    Pictures(Box<PictureInput>),
    /// Rows are made up.
    Nothing,
}

impl Input {
    /// As a job takes it.
    pub(crate) fn data(&self) -> TaskData<'_> {
        match self {
            Self::Table(file) => TaskData::Table(file),
            Self::Corpus(file) => TaskData::Corpus(file),
            Self::Annotations(examples) => TaskData::Annotations(examples),
            Self::Pictures(pictures) => TaskData::Images(pictures.data()),
            Self::Nothing => TaskData::Nothing,
        }
    }

    /// The table, where it is one.
    pub(crate) fn table(&self) -> Option<&TableFile> {
        match self {
            Self::Table(file) => Some(file),
            _ => None,
        }
    }
}

/// What was fetched and is yet to be read, or is read already where only its data set knows how.
pub(crate) struct Opened {
    /// What to call it in messages.
    pub(crate) name: String,
    kind: Kind,
}

enum Kind {
    Nothing,
    Bytes(Vec<u8>),
    OfSet(&'static DataSet, Box<Input>),
}

/// What the bytes of a file are taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Expect {
    /// A table, unless the name says otherwise.
    Table,
    /// A corpus.
    Corpus,
}

impl Source {
    /// The name as the user gave it.
    pub(crate) fn name(&self) -> &str {
        &self.0
    }

    /// Fetches what was named.
    pub(crate) fn open(&self, context: &Context) -> anyhow::Result<Opened> {
        let name = self.0.as_str();
        if name == "-" {
            return Ok(Opened { name: "standard input".to_owned(), kind: Kind::Bytes(read_stdin()?) });
        }
        if name == SYNTHETIC {
            return Ok(Opened { name: name.to_owned(), kind: Kind::Nothing });
        }
        if name.starts_with("http://") || name.starts_with("https://") {
            let last = name.split(['?', '#']).next().unwrap_or(name).rsplit('/').next().unwrap_or(name);
            return Ok(Opened { name: last.to_owned(), kind: Kind::Bytes(download::fetch(name)?) });
        }
        let path = Path::new(name);
        if path.is_dir() {
            bail!("{name} is a folder: name a file");
        }
        if !path.exists() {
            let looks_like_a_name = !name.contains(['/', '\\', '.']);
            match DataSet::find(name) {
                Ok(set) if looks_like_a_name => return of_set(set, context),
                Err(error) if looks_like_a_name => {
                    return Err(error).context(format!("there is neither a file nor a data set named {name}"));
                }
                _ => {}
            }
        }
        // What stands behind a # is a file in an archive.
        let outer = name.split_once('#').map(|(outer, _)| Path::new(outer)).filter(|outer| outer.is_file());
        let path = if path.exists() { path } else { outer.unwrap_or(path) };
        memory::check(path, context.max_memory)?;
        let bytes = std::fs::read(path).with_context(|| format!("cannot read {name}"))?;
        Ok(Opened { name: name.to_owned(), kind: Kind::Bytes(bytes) })
    }
}

/// The file of a data set that was downloaded, else its bundled sample.
fn of_set(set: &'static DataSet, context: &Context) -> anyhow::Result<Opened> {
    for file in set.files {
        let path = download::place(set, file, context)?;
        if path.exists() {
            let bytes = std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
            return loaded(set, file.name, bytes);
        }
    }
    let bundled = set.samples.iter().find_map(|of_set| Some((of_set, sample(of_set.file)?)));
    let Some((of_set, bytes)) = bundled else {
        bail!("{0} is not here: fetch it with `forge download {0}`", set.name);
    };
    if of_set.rows < set.rows() && context.log >= Log::Warn {
        eprintln!(
            "note: {} rows of {} that come with the program; `forge download {}` fetches all {}",
            of_set.rows,
            set.title,
            set.name,
            set.rows()
        );
    }
    loaded(set, of_set.file, bytes.to_vec())
}

fn loaded(set: &'static DataSet, file: &str, bytes: Vec<u8>) -> anyhow::Result<Opened> {
    let input = match set.load(file, bytes)? {
        Data::Table(table) => Input::Table(table.into_used()),
        Data::Corpus(corpus) => Input::Corpus(corpus),
        Data::Annotations(examples) => Input::Annotations(examples),
        Data::Images(_) => {
            bail!("{} holds pictures: `forge task object_detection` and `segmentation` read them", set.name)
        }
        other @ Data::Array(_) => bail!("{} holds {}, which no task reads", set.name, other.kind()),
    };
    Ok(Opened { name: set.name.to_owned(), kind: Kind::OfSet(set, Box::new(input)) })
}

impl Opened {
    /// Settings that are known of a data set: its target and what its columns are for. `targets` says whether the command
    /// takes a list of them.
    pub(crate) fn defaults(&self, targets: Targets) -> Map<String, Value> {
        let mut settings = Map::new();
        let Kind::OfSet(set, input) = &self.kind else {
            if matches!((&self.kind, targets), (Kind::Nothing, Targets::OneWithNormal)) {
                settings.insert("provider".to_owned(), SYNTHETIC.into());
            }
            return settings;
        };
        match targets {
            Targets::None => return settings,
            Targets::One | Targets::OneWithNormal => {
                drop(set.targets.first().map(|&target| settings.insert("target".to_owned(), target.into())));
            }
            Targets::Several => drop(settings.insert("target".to_owned(), set.targets.into())),
        }
        if let (Targets::OneWithNormal, Some(normal)) = (targets, set.normal) {
            settings.insert("normal".to_owned(), vec![normal].into());
        }
        if let Input::Table(file) = &**input {
            let chosen = set.roles(&file.table).into_iter().filter(|info| info.role != Role::Target);
            let plain = forge_data::infer_roles(&file.table);
            let differs = |info: &forge_data::ColumnInfo| {
                plain
                    .iter()
                    .any(|known| known.name == info.name && known.role != info.role && known.role != Role::Target)
            };
            let roles: Map<String, Value> =
                chosen.filter(differs).map(|info| (info.name, info.role.name().into())).collect();
            if !roles.is_empty() {
                settings.insert("roles".to_owned(), roles.into());
            }
        }
        settings
    }

    /// The data set, where one was named.
    pub(crate) fn set(&self) -> Option<&'static DataSet> {
        match &self.kind {
            Kind::OfSet(set, _) => Some(set),
            _ => None,
        }
    }

    /// Reads the bytes.
    pub(crate) fn read(self, options: &CsvOptions, expect: Expect) -> Result<Input, DataError> {
        match self.kind {
            Kind::OfSet(_, input) => Ok(*input),
            Kind::Nothing => Ok(Input::Nothing),
            Kind::Bytes(bytes) if expect == Expect::Corpus => {
                Ok(Input::Corpus(read_corpus(&self.name, bytes, &CorpusOptions::default())?))
            }
            Kind::Bytes(bytes) => Ok(Input::Table(read_table(&self.name, bytes, options)?)),
        }
    }
}

/// How many targets a command takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Targets {
    None,
    One,
    /// One, with the value of it that is no anomaly.
    OneWithNormal,
    Several,
}
