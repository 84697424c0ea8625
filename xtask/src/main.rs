//! The automation of the repository, run as `cargo xtask COMMAND`.
//!
//! One module per command. Everything a command needs and the machine lacks is installed into the target folder
//! (see [`setup`]); what only the user can install is named in one sentence.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "the automation works on files, processes and the console"
)]

mod bench;
mod browser;
mod lint;
mod npm;
mod page;
mod precache;
mod process;
mod project;
mod serve;
mod setup;
mod size;
mod test;
mod tidy;
mod wasm;

use std::ffi::OsString;
use std::process::ExitCode;

use anyhow::{Result, bail};
use lexopt::Arg::{Long, Short, Value};
use lexopt::{Parser, ValueExt};

use crate::project::Project;

const HELP: &str = "\
The automation of Cleanlab Forge

Usage: cargo xtask COMMAND

  setup                   install the pinned tools into target/tools
  build                   build the page into dist/
  serve [OPTIONS]         build the page and serve it on this machine
      --port N              first port to try [8080]
      --no-open             do not open a browser
  test [PART...]          run every test, or the named parts:
                          lint unit cases wasm npm size e2e
  wasm                    build the wasm module into target/wasm and list what is in it
  npm                     build the npm package into target/npm
  bench run [OPTIONS]     compare `forge run` with scikit-learn and cleanlab
      --data FILE           the table [tests/data/adult.data.gz]
      --target NAME         its label column [income]
      --noise F             share of training labels to flip [0]
      --runs N              runs of each; the median counts [3]
      --originals FOLDER    all real data sets and models instead, from their original files
      --set NAME            of these one: adult, bike, california or covertype; may be repeated
  bench algorithms [OPTIONS]
                          compare each algorithm with cleanlab, natively and in Node
      --quick               a twentieth of the rows
      --only NAME           one item, or those whose name begins so; may be repeated
      --no-wasm             leave Node out
  bench datalab [OPTIONS] the items of `bench algorithms` that are audits, of rows and of pictures, with the same options
  bench models [OPTIONS]  compare out-of-sample predictions of each model with scikit-learn, with the same options and
      --adult FOLDER        a folder with adult.data and adult.test, for all 48,842 rows of Adult
  bench anomaly [OPTIONS]
                          compare the strategies of `forge anomaly` with scikit-learn
      --kdd FILE            KDD Cup 99 as published [the sample in the repository]
  bench browser --data FILE [OPTIONS]
                          measure the tab with 1, 2 and 4 workers beside the command line and Python, on all of Adult
      --runs N              runs of each; the median counts [3]
      --only NAME           items whose name begins so; may be repeated
      --no-python           leave Python out
  screenshots             picture every step of the page
  tidy                    format the code and check the texts
";

fn main() -> ExitCode {
    match dispatch(Parser::from_env()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(mut arguments: Parser) -> Result<()> {
    let command = match arguments.next()? {
        None | Some(Short('h') | Long("help")) => String::from("help"),
        Some(Value(command)) => command.string()?,
        Some(option) => return Err(option.unexpected().into()),
    };
    match command.as_str() {
        "help" => {
            print!("{HELP}");
            Ok(())
        }
        "setup" => {
            finish(arguments)?;
            setup::everything(&Project::find()?)
        }
        "build" => {
            finish(arguments)?;
            page::build(&Project::find()?)
        }
        "serve" => serve::serve(&Project::find()?, &serve::Options::parse(arguments)?),
        "test" => test::run(&Project::find()?, &values(arguments)?),
        "wasm" => {
            finish(arguments)?;
            let project = Project::find()?;
            wasm::build(&project)?;
            wasm::print_contents(&project)
        }
        "npm" => {
            finish(arguments)?;
            npm::build(&Project::find()?).map(|_| ())
        }
        "bench" => match arguments.next()? {
            Some(Value(part)) if part == "run" => {
                bench::run::run(&Project::find()?, &bench::run::Options::parse(arguments)?)
            }
            Some(Value(part)) if part == "algorithms" => {
                bench::algorithms::run(&Project::find()?, &bench::algorithms::Options::parse(arguments)?)
            }
            Some(Value(part)) if part == "models" => {
                bench::models::run(&Project::find()?, &bench::models::Options::parse(arguments)?)
            }
            Some(Value(part)) if part == "datalab" => {
                bench::algorithms::run(&Project::find()?, &bench::algorithms::Options::parse(arguments)?.of_audits())
            }
            Some(Value(part)) if part == "anomaly" => {
                bench::anomaly::run(&Project::find()?, &bench::anomaly::Options::parse(arguments)?)
            }
            Some(Value(part)) if part == "browser" => {
                bench::browser::run(&Project::find()?, &bench::browser::Options::parse(arguments)?)
            }
            _ => bail!("what to measure? `cargo xtask bench` run, algorithms, models, datalab, anomaly or browser"),
        },
        "screenshots" => {
            finish(arguments)?;
            browser::screenshots(&Project::find()?)
        }
        "tidy" => {
            finish(arguments)?;
            tidy::run(&Project::find()?)
        }
        // The last step of the page's build; Trunk.toml calls it.
        "precache" => {
            finish(arguments)?;
            precache::run()
        }
        other => bail!("there is no command `{other}`; `cargo xtask` lists them"),
    }
}

/// Refuses any argument that is left.
fn finish(mut arguments: Parser) -> Result<()> {
    match arguments.next()? {
        None => Ok(()),
        Some(extra) => Err(extra.unexpected().into()),
    }
}

/// The remaining arguments, all of which must be plain words.
fn values(mut arguments: Parser) -> Result<Vec<OsString>> {
    let mut words = Vec::new();
    while let Some(argument) = arguments.next()? {
        match argument {
            Value(word) => words.push(word),
            option => return Err(option.unexpected().into()),
        }
    }
    Ok(words)
}
