//! What corpora hold, what is rejected, and that nothing is lost on the way back.

use proptest::prelude::*;

use super::*;
use crate::DataError;

const CONLLU: &str = "# newdoc id = d1\n# sent_id = s1\n# text = Don't go.\n1-2\tDon't\t_\t_\t_\t_\t_\t_\t_\t_\n\
    1\tDo\tdo\tAUX\tVB\t_\t0\troot\t_\t_\n2\tn't\tnot\tPART\tRB\t_\t1\tadvmod\t_\t_\n2.1\tgo\tgo\tVERB\tVB\t_\t_\t_\t_\t_\n\
    3\t.\t.\tPUNCT\t.\t_\t1\tpunct\t_\t_\n\n# sent_id = s2\n1\tYes\tyes\t_\tUH\t_\t0\troot\t_\t_\n\n";
const COLUMNS: &str =
    "-DOCSTART- -X- -X- O\n\nEU NNP I-NP I-ORG\nrejects VBZ I-VP O\n. . O O\n\n\nPeter NNP I-NP I-PER\n";

fn read(text: impl AsRef<[u8]>) -> Result<CorpusFile, DataError> {
    read_corpus("t", text.as_ref().to_vec(), &CorpusOptions::default())
}

fn retag(sentence: usize, token: usize, tag: &str) -> Retag {
    Retag { sentence, token, tag: tag.to_owned() }
}

fn words(file: &CorpusFile) -> Vec<Vec<&str>> {
    file.corpus.sentences.iter().map(|sentence| sentence.tokens.iter().map(|token| &*token.text).collect()).collect()
}

#[test]
fn conllu_gives_words_with_universal_tags_and_skips_ranges_and_empty_nodes() {
    let file = read(CONLLU).unwrap();
    assert_eq!(file.format, CorpusFormat::ConllU);
    assert_eq!(words(&file), [vec!["Do", "n't", "."], vec!["Yes"]]);
    assert_eq!(file.corpus.tags, ["AUX", "PART", "PUNCT"]);
    assert_eq!(file.corpus.sentences[0].tokens[2], Token { text: ".".into(), tag: 2, line: 8 });
    assert_eq!((file.corpus.sentences[1].tokens[0].tag, file.corpus.n_missing()), (MISSING, 1));
    assert_eq!(file.corpus.sentences[0].text.as_deref(), Some("Don't go."));
    assert_eq!(file.corpus.sentences[1].id.as_deref(), Some("s2"));
    assert!(file.sentence_text(1).starts_with("# sent_id = s2") && file.sentence_text(1).ends_with("root\t_\t_"));
}

#[test]
fn the_column_of_the_tags_is_a_choice() {
    let options = CorpusOptions { tag: TagColumn::Xpos, ..CorpusOptions::default() };
    let file = read_corpus("t", CONLLU.into(), &options).unwrap();
    assert_eq!(file.corpus.tags, [".", "RB", "UH", "VB"]);
    let options = CorpusOptions { tag: TagColumn::Number(2), ..CorpusOptions::default() };
    assert_eq!(read_corpus("t", COLUMNS.into(), &options).unwrap().corpus.tags, [".", "NNP", "VBZ"]);
    let refused = |options: &CorpusOptions| read_corpus("t", COLUMNS.into(), options).unwrap_err().to_string();
    let options = CorpusOptions { tag: TagColumn::Number(5), ..CorpusOptions::default() };
    assert_eq!(refused(&options), "option tag: 5 is not allowed; it must be one of the file's columns, from 1");
    let options = CorpusOptions { tag: TagColumn::Xpos, ..CorpusOptions::default() };
    assert!(refused(&options).contains("only CoNLL-U"));
}

#[test]
fn columns_take_the_last_as_tag_and_documents_as_borders() {
    let file = read(COLUMNS).unwrap();
    assert_eq!(file.format, CorpusFormat::Columns);
    assert_eq!(words(&file), [vec!["EU", "rejects", "."], vec!["Peter"]]);
    assert_eq!(file.corpus.tags, ["I-ORG", "I-PER", "O"]);
    assert_eq!(file.tag_column, 4);
    let tabs = COLUMNS.replace(' ', "\t").replace('\n', "\r\n");
    assert_eq!(read(tabs).unwrap().corpus, file.corpus);
}

#[test]
fn lines_that_cannot_be_read_are_listed_and_the_rest_is_read() {
    let text = CONLLU.replace("2\tn't\tnot\tPART", "two\tn't\tnot\tPART").replace("3\t.\t.\tPUNCT\t.\t_\t", "3\t.\t");
    let file = read(text).unwrap();
    let said: Vec<String> = file.rejected.iter().map(ToString::to_string).collect();
    assert_eq!(said, ["line 6: \"two\" is no word number", "line 8: 6 columns, expected 10"]);
    assert_eq!((file.n_rejected(), file.corpus.n_tokens()), (2, 2));
    let file = read("a X\nb\nc Y\n").unwrap();
    assert_eq!(file.rejected[0].to_string(), "line 2: 1 column, expected 2");
}

#[test]
fn a_number_sign_is_a_token_where_it_has_a_tag() {
    let file = read("# about this file\nthe DT\n# SYM\n1 CD\n").unwrap();
    assert_eq!(words(&file), [vec!["the", "#", "1"]]);
    assert!(file.rejected.is_empty());
}

#[test]
fn other_tags_and_fewer_sentences_change_nothing_else() {
    let file = read(CONLLU).unwrap();
    assert_eq!(file.written(&[], &[]).unwrap(), CONLLU.as_bytes());
    let changed = file.written(&[retag(1, 0, "INTJ"), retag(0, 2, "X"), retag(0, 2, "SYM")], &[]).unwrap();
    let expected = CONLLU.replace(".\tPUNCT", ".\tSYM").replace("yes\t_", "yes\tINTJ");
    assert_eq!(String::from_utf8(changed).unwrap(), expected);
    let cut = String::from_utf8(file.written(&[retag(0, 0, "X")], &[0]).unwrap()).unwrap();
    assert_eq!(cut, format!("# newdoc id = d1\n{}", &CONLLU[CONLLU.find("# sent_id = s2").unwrap()..]));
    let columns = read(COLUMNS).unwrap();
    assert_eq!(columns.written(&[], &[0, 7]).unwrap(), b"-DOCSTART- -X- -X- O\n\nPeter NNP I-NP I-PER\n");
    assert_eq!(columns.written(&[], &[1]).unwrap(), &COLUMNS.as_bytes()[..COLUMNS.find("Peter").unwrap()]);
}

#[test]
fn tokens_that_do_not_exist_and_tags_with_blanks_are_refused() {
    let file = read(COLUMNS).unwrap();
    assert_eq!(
        file.written(&[retag(0, 3, "O")], &[]).unwrap_err().to_string(),
        "there is no token 3 in sentence 0 of the corpus (both counted from 0)"
    );
    assert!(file.written(&[retag(2, 0, "O")], &[]).is_err());
    assert!(file.written(&[retag(0, 0, "A B")], &[]).unwrap_err().to_string().contains("without blanks"));
}

#[test]
fn files_without_a_token_say_why() {
    assert!(matches!(read(""), Err(DataError::EmptyFile { .. })));
    assert!(matches!(read("-DOCSTART- O\n\n"), Err(DataError::InvalidOption { .. } | DataError::EmptyFile { .. })));
    assert!(matches!(read("word\nanother\n"), Err(DataError::InvalidOption { option: "tag", .. })));
    assert!(matches!(read(b"PK\x03\x04\x00"), Err(DataError::NotText { .. })));
}

proptest! {
    #[test]
    fn arbitrary_text_never_panics_and_comes_back_whole(text in "[#123.\\-ab_ \t\n\r]{0,200}", tabs in any::<bool>()) {
        let line = if tabs { "1\ta\tb\tX\tY\t_\t_\t_\t_\t_\n" } else { "a b X\n" };
        let text = format!("{line}{text}");
        if let Ok(file) = read(&text) {
            prop_assert_eq!(file.written(&[], &[]).unwrap(), text.as_bytes());
            let all: Vec<usize> = (0..file.corpus.sentences.len()).collect();
            prop_assert!(file.written(&[], &all).unwrap().len() < text.len());
        }
    }

    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _read = read(&bytes);
    }

    #[test]
    fn sentences_left_out_and_new_tags_are_what_the_written_file_holds(
        sizes in prop::collection::vec(1usize..5, 1..8), pick in any::<u64>(), ending in prop_oneof![Just("\n"), Just("\r\n")],
    ) {
        let sentence = |n: usize| (0..n).map(|i| format!("w{i}\tT{}{ending}", i % 3)).collect::<Vec<_>>().concat();
        let text = sizes.iter().map(|&n| sentence(n) + ending).collect::<String>();
        let file = read(&text).unwrap();
        let out: Vec<usize> = (0..sizes.len()).filter(|s| pick >> s & 1 == 1).collect();
        let tags: Vec<Retag> = (0..sizes.len()).filter(|s| pick >> (s + 8) & 1 == 1).map(|s| retag(s, sizes[s] - 1, "NEW")).collect();
        let mut expected: Vec<Vec<String>> = file.corpus.sentences.iter()
            .map(|s| s.tokens.iter().map(|t| file.corpus.tag_name(t).unwrap().to_owned()).collect()).collect();
        for change in &tags {
            expected[change.sentence][change.token].clone_from(&change.tag);
        }
        let kept: Vec<&Vec<String>> = expected.iter().enumerate().filter(|(s, _)| !out.contains(s)).map(|(_, e)| e).collect();
        match read(file.written(&tags, &out).unwrap()) {
            Ok(again) => {
                let found: Vec<Vec<String>> = again.corpus.sentences.iter()
                    .map(|s| s.tokens.iter().map(|t| again.corpus.tag_name(t).unwrap().to_owned()).collect()).collect();
                prop_assert_eq!(found.iter().collect::<Vec<_>>(), kept);
            }
            Err(error) => prop_assert!(kept.is_empty(), "{}", error),
        }
    }
}
