//! MovieLens 100K: ratings as labels of movies by users, and what is known about the movies.
//!
//! Source: F. M. Harper, J. A. Konstan, *The MovieLens Datasets: History and Context*, ACM Transactions on Interactive
//! Intelligent Systems 5(4), 2015, and the file `README` of the data set. `u.data` holds user, movie, rating and time between tabs; `u.item` holds the movies between
//! pipes, in Latin-1: number, title, dates, address, and 19 marks of genre.

use std::collections::BTreeMap;

use crate::csv::PlainText;
use crate::{Annotations, Column, DataError, MISSING, Table, Values};

/// The genres, in the order of the columns of `u.item`.
pub const GENRES: [&str; 19] = [
    "unknown",
    "Action",
    "Adventure",
    "Animation",
    "Children's",
    "Comedy",
    "Crime",
    "Documentary",
    "Drama",
    "Fantasy",
    "Film-Noir",
    "Horror",
    "Musical",
    "Mystery",
    "Romance",
    "Sci-Fi",
    "Thriller",
    "War",
    "Western",
];
/// Columns of `u.item` before the genres.
const BEFORE_GENRES: usize = 5;
/// Bytes of a file at most: far above the real ones.
const MAX_BYTES: u64 = 256 << 20;
/// Movies and users at most, by their numbers.
const MAX_NUMBER: u32 = 100_000;

/// MovieLens 100K, once read.
#[derive(Clone, Debug, PartialEq)]
pub struct MovieLens {
    /// Ratings 1 to 5 as classes: movies are the examples, users the annotators, both called by their numbers and in the
    /// order of these. Every movie of `u.item` and every user who rated is there.
    pub ratings: Annotations,
    /// A row per movie: `title`, `release_year` and the 19 [`GENRES`] as 0 and 1.
    pub movies: Table,
    /// What a reader of the results should know about the files.
    pub warnings: Vec<String>,
}

/// Reads `u.data` and `u.item`.
///
/// Of two ratings of a movie by one user the last in the file counts; ratings of movies that `u.item` does not have are
/// left out; both with a warning.
///
/// # Errors
/// [`DataError::Malformed`] names the first line that does not follow the layout.
pub fn read_movielens(ratings: Vec<u8>, movies: Vec<u8>) -> Result<MovieLens, DataError> {
    let (numbers, movies) = read_movies(movies)?;
    let text = PlainText::decode("u.data", ratings, MAX_BYTES)?.text;
    let mut warnings = Vec::new();
    let mut found: BTreeMap<(u32, u32), u32> = BTreeMap::new();
    let (mut n_unknown, mut n_repeated) = (0, 0);
    for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let wrong = |reason: &str| malformed("u.data", index, reason);
        let mut fields = line.split('\t').map(str::trim);
        let mut number = || fields.next().and_then(|field| field.parse::<u32>().ok());
        let (Some(user), Some(movie), Some(rating)) = (number(), number(), number()) else {
            return Err(wrong("expected user, movie, rating and time between tabs"));
        };
        if !(1..=5).contains(&rating) {
            return Err(wrong("a rating is a number from 1 to 5"));
        }
        if user > MAX_NUMBER {
            return Err(wrong("the number of a user is above 100,000"));
        }
        match numbers.binary_search(&movie) {
            Ok(row) => n_repeated += usize::from(found.insert((row as u32, user), rating).is_some()),
            Err(_) => n_unknown += 1,
        }
    }
    if n_repeated > 0 {
        warnings.push(format!("{n_repeated} ratings were replaced by a later one of the same movie by the same user"));
    }
    if n_unknown > 0 {
        warnings.push(format!("{n_unknown} ratings are of movies that u.item does not have; they are left out"));
    }
    if found.is_empty() {
        return Err(malformed("u.data", 0, "there is no rating"));
    }
    let mut users: Vec<u32> = found.keys().map(|&(_, user)| user).collect();
    users.sort_unstable();
    users.dedup();
    let mut given: Vec<u32> = found.values().copied().collect();
    given.sort_unstable();
    given.dedup();
    let mut labels = vec![MISSING; numbers.len() * users.len()];
    for ((row, user), rating) in found {
        if let (Ok(column), Ok(class)) = (users.binary_search(&user), given.binary_search(&rating)) {
            labels[row as usize * users.len() + column] = class as u32;
        }
    }
    let names = |numbers: &[u32]| numbers.iter().map(u32::to_string).collect();
    let ratings = Annotations { labels, examples: names(&numbers), annotators: names(&users), classes: names(&given) };
    Ok(MovieLens { ratings, movies, warnings })
}

fn malformed(file: &str, index: usize, reason: &str) -> DataError {
    let reason = format!("line {}: {reason}", index + 1);
    DataError::Malformed { file: file.to_owned(), format: "MovieLens 100K", reason }
}

/// The numbers of the movies, ascending, and what is known about them in the same order.
fn read_movies(bytes: Vec<u8>) -> Result<(Vec<u32>, Table), DataError> {
    let text = PlainText::decode("u.item", bytes, MAX_BYTES)?.text;
    let mut movies: BTreeMap<u32, (Box<str>, f64, [f64; 19])> = BTreeMap::new();
    for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let wrong = |reason: &str| malformed("u.item", index, reason);
        let fields: Vec<&str> = line.split('|').map(str::trim).collect();
        if fields.len() != BEFORE_GENRES + GENRES.len() {
            return Err(wrong("expected 24 fields between pipes"));
        }
        let Some(number) = fields[0].parse().ok().filter(|&number: &u32| number <= MAX_NUMBER) else {
            return Err(wrong("a movie begins with its number, up to 100,000"));
        };
        let mut genres = [0.0; GENRES.len()];
        for (genre, field) in genres.iter_mut().zip(&fields[BEFORE_GENRES..]) {
            *genre = match *field {
                "0" => 0.0,
                "1" => 1.0,
                _ => return Err(wrong("a mark of genre is 0 or 1")),
            };
        }
        let year = year_of(fields[2], fields[1]);
        if movies.insert(number, (fields[1].into(), year, genres)).is_some() {
            return Err(wrong("the number of this movie occurs before"));
        }
    }
    let numbers: Vec<u32> = movies.keys().copied().collect();
    let movies: Vec<_> = movies.into_values().collect();
    let mut columns = vec![
        Column::new("title", Values::Text(movies.iter().map(|movie| Some(movie.0.clone())).collect())),
        Column::new("release_year", Values::Number(movies.iter().map(|movie| movie.1).collect())),
    ];
    for (genre, name) in GENRES.into_iter().enumerate() {
        columns.push(Column::new(name, Values::Number(movies.iter().map(|movie| movie.2[genre]).collect())));
    }
    Ok((numbers, Table::new(columns)?))
}

/// The year of a date like `01-Jan-1995`, or else at the end of a title like `Toy Story (1995)`; NaN where neither says.
fn year_of(date: &str, title: &str) -> f64 {
    let year = |text: &str| text.parse().ok().filter(|year: &u16| (1850..2100).contains(year)).map(f64::from);
    let of_title = || title.strip_suffix(')').and_then(|title| title.rsplit('(').next()).and_then(year);
    date.rsplit('-').next().and_then(year).or_else(of_title).unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MOVIES: &[u8] = b"2|GoldenEye (1995)|01-Jan-1995||http://x|0|1|1|0|0|0|0|0|0|0|0|0|0|0|0|0|1|0|0\n\
        1|Mis\xe9rables (1990)|||http://x|0|0|0|1|1|1|0|0|0|0|0|0|0|0|0|0|0|0|0\n\
        3|unknown||||1|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0\n";

    #[test]
    fn ratings_are_labels_of_movies_by_users_in_the_order_of_their_numbers() {
        let read = read_movielens(
            b"10\t2\t5\t1\n9\t1\t3\t2\n10\t1\t4\t3\n10\t7\t4\t3\n9\t1\t5\t4\n".to_vec(),
            MOVIES.to_vec(),
        );
        let read = read.unwrap();
        assert_eq!(read.ratings.examples, ["1", "2", "3"]);
        assert_eq!(read.ratings.annotators, ["9", "10"]);
        assert_eq!(read.ratings.classes, ["4", "5"]);
        assert_eq!(read.ratings.labels, [1, 0, MISSING, 1, MISSING, MISSING]);
        assert_eq!(read.warnings.len(), 2);
        assert_eq!(read.movies.columns()[0].text(0).as_deref(), Some("Misérables (1990)"));
        let years: Vec<_> = (0..3).map(|row| read.movies.columns()[1].text(row).map(String::from)).collect();
        assert_eq!(years, [Some("1990".to_owned()), Some("1995".to_owned()), None]);
        assert_eq!(read.movies.column("Action").unwrap().values(), &Values::Number(vec![0.0, 1.0, 0.0]));
    }

    #[test]
    fn a_line_that_does_not_follow_the_layout_is_named() {
        let said = |ratings: &str| read_movielens(ratings.into(), MOVIES.to_vec()).unwrap_err().to_string();
        assert_eq!(
            said("1\t1\t3\t0\n1\t1\t6\t0\n"),
            "u.data: cannot be read as MovieLens 100K: line 2: a rating is a number from 1 to 5"
        );
        assert!(said("1,1,3\n").contains("line 1: expected user"));
        let error = read_movielens(b"1\t1\t3\t0\n".to_vec(), b"1|a|b\n".to_vec()).unwrap_err();
        assert!(error.to_string().contains("u.item") && error.to_string().contains("24 fields"));
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(ratings in "[0-9\t\n]{0,60}", movies in "[0-9|()a\n]{0,80}") {
            let _read = read_movielens(ratings.into_bytes(), MOVIES.to_vec());
            let _read = read_movielens(b"1\t1\t3\t0\n".to_vec(), movies.into_bytes());
        }
    }
}
