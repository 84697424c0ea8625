//! `token_classification.*` and `experimental.span_classification.*`.

use ndarray::Array2;
use serde::Deserialize;
use serde_json::{Value, json};

use super::args::Args;
use super::dataset::{class_names, column};
use super::filter::filter_options;
use super::rank::{adjustment_of, rank_by_kwargs};
use super::{Function, output};
use crate::classification::filter::FilterOptions;
use crate::token::filter::{find_label_issues, find_label_issues_low_memory};
use crate::token::rank::{
    SentenceScore, get_label_quality_scores, issues_from_sentence_scores, issues_from_token_scores,
};
use crate::token::summary::{
    GivenPredicted, Text, common_label_issues, display_issues, display_sentences, filter_by_token,
};
use crate::token::{TokenData, TokenPlace, span_pred_probs};
use crate::{Adjustment, CoreError, Score};

const SCORE_PARAMETERS: &[&str] =
    &["labels", "pred_probs", "tokens", "token_score_method", "sentence_score_method", "sentence_score_kwargs"];

const DISPLAY_PARAMETERS: &[&str] = &["issues", "tokens", "labels", "pred_probs", "exclude", "class_names", "top"];

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "token_classification.filter.find_label_issues",
        parameters: &[
            "labels",
            "pred_probs",
            "return_indices_ranked_by",
            "low_memory",
            "rank_by_kwargs",
            "filter_by",
            "frac_noise",
            "num_to_remove_per_class",
            "min_examples_per_class",
            "confident_joint",
            "n_jobs",
            "verbose",
        ],
        run: issues,
    },
    Function {
        name: "token_classification.rank.get_label_quality_scores",
        parameters: SCORE_PARAMETERS,
        run: |args| scores(args, &data(args)?),
    },
    Function {
        name: "token_classification.rank.issues_from_scores",
        parameters: &["sentence_scores", "token_scores", "threshold"],
        run: |args| {
            let threshold = args.parsed_or("threshold", 0.1)?;
            let token_scores: Vec<Scores> = args.parsed("token_scores")?;
            if token_scores.is_empty() {
                return Ok(json!(issues_from_sentence_scores(&args.numbers("sentence_scores")?, threshold)));
            }
            let token_scores: Vec<Vec<f64>> = token_scores.into_iter().map(Scores::values).collect();
            Ok(json!(issues_from_token_scores(&token_scores, threshold)))
        },
    },
    Function {
        name: "token_classification.summary.display_issues",
        parameters: DISPLAY_PARAMETERS,
        run: |args| display(args, &Words::new(args, args.optional_matrices("pred_probs")?)?),
    },
    Function {
        name: "token_classification.summary.common_label_issues",
        parameters: &["issues", "tokens", "labels", "pred_probs", "class_names", "top", "exclude", "verbose"],
        run: common,
    },
    Function {
        name: "token_classification.summary.filter_by_token",
        parameters: &["token", "issues", "tokens"],
        run: |args| {
            let (token, tokens): (String, Vec<Vec<String>>) =
                (args.required_parsed("token")?, args.required_parsed("tokens")?);
            Ok(json!(filter_by_token(&token, &args.required_parsed::<Vec<TokenPlace>>("issues")?, &tokens)?))
        },
    },
    Function {
        name: "experimental.span_classification.find_label_issues",
        parameters: &["labels", "pred_probs"],
        run: |args| {
            let options = FilterOptions::default();
            Ok(json!(find_label_issues(&span_data(args)?, &options, Score::SelfConfidence, Adjustment::None)?))
        },
    },
    Function {
        name: "experimental.span_classification.get_label_quality_scores",
        parameters: SCORE_PARAMETERS,
        run: |args| scores(args, &span_data(args)?),
    },
    Function {
        name: "experimental.span_classification.display_issues",
        parameters: DISPLAY_PARAMETERS,
        run: |args| {
            let inside = args.has("pred_probs").then(|| span_matrices(args)).transpose()?;
            display(args, &Words::new(args, inside)?)
        },
    },
];

fn data(args: &Args) -> Result<TokenData, CoreError> {
    let labels = args.label_sets()?;
    let pred_probs = args.optional_matrices("pred_probs")?.ok_or(CoreError::Missing {
        argument: "pred_probs",
        rule: "a list with a tokens × classes matrix for each sentence is needed",
    })?;
    TokenData::new(&labels, &pred_probs)
}

fn span_data(args: &Args) -> Result<TokenData, CoreError> {
    TokenData::new(&args.label_sets()?, &span_matrices(args)?)
}

fn span_matrices(args: &Args) -> Result<Vec<Array2<f64>>, CoreError> {
    let inside: Vec<Vec<Option<f64>>> = args.required_parsed("pred_probs")?;
    let known = |sentence: Vec<Option<f64>>| sentence.into_iter().map(|p| p.unwrap_or(f64::NAN)).collect();
    span_pred_probs(&inside.into_iter().map(known).collect::<Vec<_>>())
}

fn issues(args: &Args) -> Result<Value, CoreError> {
    args.check_n_jobs()?;
    let score: Score = args.parsed("return_indices_ranked_by")?;
    let adjustment = adjustment_of(rank_by_kwargs(args)?);
    let data = data(args)?;
    if args.parsed("low_memory")? {
        return Ok(json!(find_label_issues_low_memory(&data, score)?));
    }
    let options = filter_options(args, &FilterOptions::default())?;
    Ok(json!(find_label_issues(&data, &options, score, adjustment)?))
}

/// The names of [`SentenceScore`].
#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum SentenceMethod {
    #[default]
    Min,
    Softmin,
}

/// A number, or the text for infinity that JSON has no number for.
#[derive(Deserialize)]
#[serde(untagged)]
enum Temperature {
    Number(f64),
    Text(String),
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct SentenceScoreKwargs {
    temperature: Option<Temperature>,
}

fn sentence_score(args: &Args) -> Result<SentenceScore, CoreError> {
    let method: SentenceMethod = args.parsed("sentence_score_method")?;
    let kwargs: SentenceScoreKwargs = args.parsed("sentence_score_kwargs")?;
    let temperature = match kwargs.temperature {
        None => SentenceScore::SOFTMIN_TEMPERATURE,
        Some(Temperature::Number(temperature)) => temperature,
        Some(Temperature::Text(text)) if ["inf", "Infinity"].contains(&text.as_str()) => f64::INFINITY,
        Some(Temperature::Text(text)) => {
            return Err(CoreError::setting("sentence_score_kwargs.temperature", text, "a number or \"inf\""));
        }
    };
    Ok(match method {
        SentenceMethod::Min => SentenceScore::Min,
        SentenceMethod::Softmin => SentenceScore::Softmin { temperature },
    })
}

fn scores(args: &Args, data: &TokenData) -> Result<Value, CoreError> {
    let tokens: Vec<Vec<String>> = args.parsed("tokens")?;
    if !tokens.is_empty() && !tokens.iter().map(Vec::len).eq(data.lengths().iter().copied()) {
        return Err(CoreError::Shape {
            argument: "tokens",
            shape: format!("{} sentences, {} tokens", tokens.len(), tokens.iter().map(Vec::len).sum::<usize>()),
            expected: "a word for each label of each sentence".to_owned(),
        });
    }
    let found = get_label_quality_scores(data, args.parsed("token_score_method")?, sentence_score(args)?)?;
    let series = |(sentence, scores): (usize, &Vec<f64>)| {
        let mut series = json!({ "values": output::numbers(scores.iter().copied()) });
        if let Some(words) = tokens.get(sentence) {
            series["index"] = json!(words);
        }
        json!({ "$series": series })
    };
    let of_tokens: Vec<Value> = found.tokens.iter().enumerate().map(series).collect();
    Ok(json!([output::numbers(found.sentences), of_tokens]))
}

/// The scores of a sentence's tokens: a list, or a series as [`scores`] gives.
#[derive(Deserialize)]
#[serde(untagged)]
enum Scores {
    List(Vec<Option<f64>>),
    Series {
        #[serde(rename = "$series")]
        series: Series,
    },
}

#[derive(Deserialize)]
struct Series {
    values: Vec<Option<f64>>,
}

impl Scores {
    fn values(self) -> Vec<f64> {
        let (Self::List(values) | Self::Series { series: Series { values } }) = self;
        values.into_iter().map(|score| score.unwrap_or(f64::NAN)).collect()
    }
}

/// The text that issues are shown in, as given.
struct Words {
    tokens: Vec<Vec<String>>,
    labels: Option<Vec<Vec<u32>>>,
    pred_probs: Option<Vec<Array2<f64>>>,
}

impl Words {
    /// An empty list of labels or probabilities means "not given", as in Python.
    fn new(args: &Args, pred_probs: Option<Vec<Array2<f64>>>) -> Result<Self, CoreError> {
        let labels = args.has("labels").then(|| args.label_sets()).transpose()?;
        Ok(Self {
            tokens: args.required_parsed("tokens")?,
            labels: labels.filter(|sentences| !sentences.is_empty()),
            pred_probs: pred_probs.filter(|sentences| !sentences.is_empty()),
        })
    }

    fn text(&self) -> Text<'_> {
        Text { tokens: &self.tokens, labels: self.labels.as_deref(), pred_probs: self.pred_probs.as_deref() }
    }
}

/// Issues as tokens or as sentences.
#[derive(Deserialize)]
#[serde(untagged)]
enum Issues {
    Tokens(Vec<TokenPlace>),
    Sentences(Vec<u32>),
}

/// Checks what is to be shown. cleanlab prints it and returns nothing; the engine prints nothing either.
fn display(args: &Args, words: &Words) -> Result<Value, CoreError> {
    let top = args.parsed_or("top", 20)?;
    let exclude: Vec<GivenPredicted> = args.parsed("exclude")?;
    match args.required_parsed("issues")? {
        Issues::Tokens(places) => drop(display_issues(&places, &words.text(), &exclude, top)?),
        Issues::Sentences(sentences) => drop(display_sentences(&sentences, &words.text(), top)?),
    }
    Ok(Value::Null)
}

fn common(args: &Args) -> Result<Value, CoreError> {
    let words = Words::new(args, args.optional_matrices("pred_probs")?)?;
    let issues: Vec<TokenPlace> = args.required_parsed("issues")?;
    let exclude: Vec<GivenPredicted> = args.parsed("exclude")?;
    let rows = common_label_issues(&issues, &words.text(), &exclude)?;
    let mut columns = vec![("token", column(&rows, |row| json!(row.token)))];
    if words.labels.is_some() && words.pred_probs.is_some() {
        let pairs: Vec<GivenPredicted> = rows.iter().filter_map(|row| row.classes).collect();
        let n_classes = pairs.iter().map(|pair| pair.given.max(pair.predicted) as usize + 1).max().unwrap_or(0);
        let names = class_names(args, n_classes)?.filter(|names| !names.is_empty());
        let name = |class: u32| match &names {
            Some(names) => json!(names[class as usize]),
            None => json!(class),
        };
        columns.push(("given_label", column(&pairs, |pair| name(pair.given))));
        columns.push(("predicted_label", column(&pairs, |pair| name(pair.predicted))));
    }
    columns.push(("num_label_issues", column(&rows, |row| json!(row.num_label_issues))));
    Ok(output::table(columns))
}
