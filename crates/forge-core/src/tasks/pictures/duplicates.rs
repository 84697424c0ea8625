//! Pictures that are almost the same: by hashes, and by embeddings where there are any.
//!
//! Equal perceptual hashes, or difference hashes of which few bits differ, tell copies that were resized, compressed anew or
//! retouched; they miss mirrored and cropped ones. Embeddings find those too. How near two different pictures come depends on the
//! model and on the data, so two are joined where they are nearer than half of what nearest pictures usually are.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use forge_learn::{Host, Progress, map_units};

use super::NearDuplicates;
use crate::CoreError;

/// Bits of 64 by which difference hashes may differ.
const MAX_BITS: u32 = 6;
/// Distance (one less the cosine) at which two pictures are joined at most.
const MAX_DISTANCE: f64 = 0.025;
/// Share of the median distance of nearest pictures below which two are joined.
const SHARE: f64 = 0.5;
/// Pictures that are compared with all others at a time.
const BATCH: usize = 64;

const COMPARE: &str = "Comparing the pictures";

/// What tells how alike pictures are.
#[derive(Clone, Copy, Debug)]
pub(super) struct Likeness<'a> {
    /// Its place in the image set.
    pub(super) picture: u32,
    pub(super) dhash: Option<u64>,
    pub(super) embedding: Option<&'a [f32]>,
}

/// Sets of pictures that are joined by any of these, directly or through others: `exact` and `alike`, which are sets of
/// pictures known to be the same or to have equal hashes, difference hashes, embeddings. Sets that are exact throughout are
/// left out.
///
/// # Errors
/// [`CoreError::Cancelled`].
pub(super) fn near(
    pictures: &[Likeness<'_>],
    exact: &[Vec<u32>],
    alike: &[Vec<u32>],
    host: &dyn Host,
) -> Result<Vec<NearDuplicates>, CoreError> {
    let place_of: BTreeMap<u32, usize> = pictures.iter().zip(0..).map(|(like, place)| (like.picture, place)).collect();
    let mut sets = Sets((0..pictures.len()).collect());
    for set in exact.iter().chain(alike) {
        let mut places = set.iter().filter_map(|picture| place_of.get(picture).copied());
        if let Some(first) = places.next() {
            places.for_each(|other| sets.join(first, other));
        }
    }
    for (place, one) in pictures.iter().enumerate() {
        let Some(hash) = one.dhash else { continue };
        for (other, two) in pictures.iter().enumerate().skip(place + 1) {
            if two.dhash.is_some_and(|other| (hash ^ other).count_ones() <= MAX_BITS) {
                sets.join(place, other);
            }
        }
    }
    let mut similarity = BTreeMap::new();
    let pairs = nearest_pairs(pictures, host)?;
    for &(_, place, other) in &pairs {
        sets.join(place, other);
    }
    for (distance, place, _) in pairs {
        let least = similarity.entry(sets.root(place)).or_insert(1.0_f64);
        *least = least.min(1.0 - distance);
    }
    let mut members: BTreeMap<usize, Vec<u32>> = BTreeMap::new();
    for (place, like) in pictures.iter().enumerate() {
        members.entry(sets.root(place)).or_default().push(like.picture);
    }
    let joined = members.into_iter().filter(|(_, set)| set.len() > 1 && !exact.contains(set));
    Ok(joined.map(|(root, pictures)| NearDuplicates { pictures, similarity: similarity.get(&root).copied() }).collect())
}

/// Pairs whose embeddings are so near that they are joined, each with its distance.
fn nearest_pairs(pictures: &[Likeness<'_>], host: &dyn Host) -> Result<Vec<(f64, usize, usize)>, CoreError> {
    let length = pictures.iter().find_map(|like| like.embedding).map_or(0, <[f32]>::len);
    let mut units: Vec<(usize, Vec<f32>)> = Vec::new();
    for (place, like) in pictures.iter().enumerate() {
        let Some(embedding) = like.embedding.filter(|embedding| embedding.len() == length) else { continue };
        let norm = embedding.iter().map(|&x| f64::from(x) * f64::from(x)).sum::<f64>().sqrt();
        if norm > 0.0 && norm.is_finite() {
            units.push((place, embedding.iter().map(|&x| (f64::from(x) / norm) as f32).collect()));
        }
    }
    let n = units.len();
    if n < 2 {
        return Ok(Vec::new());
    }
    let n_batches = n.div_ceil(BATCH);
    let done = AtomicUsize::new(0);
    host.progress(Progress { stage: COMPARE, done: 0, total: n_batches });
    // Per picture its nearest distance, and all pairs that could be joined at most.
    let found = map_units(host, n_batches, |batch| {
        let (mut nearest, mut pairs) = (Vec::new(), Vec::new());
        for i in batch * BATCH..((batch + 1) * BATCH).min(n) {
            let mut least = f64::INFINITY;
            for j in (0..n).filter(|&j| j != i) {
                let distance = (1.0 - dot(&units[i].1, &units[j].1)).max(0.0);
                least = least.min(distance);
                if i < j && distance <= MAX_DISTANCE {
                    pairs.push((distance, units[i].0, units[j].0));
                }
            }
            nearest.push(least);
        }
        host.progress(Progress { stage: COMPARE, done: done.fetch_add(1, Ordering::Relaxed) + 1, total: n_batches });
        Ok((nearest, pairs))
    })?;
    let (nearest, pairs): (Vec<_>, Vec<_>) = found.into_iter().unzip();
    let mut nearest = nearest.concat();
    nearest.sort_unstable_by(f64::total_cmp);
    let limit = MAX_DISTANCE.min(SHARE * nearest[n / 2]);
    Ok(pairs.concat().into_iter().filter(|(distance, ..)| *distance <= limit).collect())
}

/// The scalar product, in a fixed order.
fn dot(a: &[f32], b: &[f32]) -> f64 {
    let (a, rest_a) = a.as_chunks::<8>();
    let (b, rest_b) = b.as_chunks::<8>();
    let mut lanes = [0.0_f32; 8];
    for (a, b) in a.iter().zip(b) {
        for ((lane, a), b) in lanes.iter_mut().zip(a).zip(b) {
            *lane += a * b;
        }
    }
    let rest: f32 = rest_a.iter().zip(rest_b).map(|(a, b)| a * b).sum();
    lanes.iter().map(|&lane| f64::from(lane)).sum::<f64>() + f64::from(rest)
}

/// Which set each picture is in, by its smallest member.
struct Sets(Vec<usize>);

impl Sets {
    fn root(&mut self, place: usize) -> usize {
        let mut root = place;
        while self.0[root] != root {
            self.0[root] = self.0[self.0[root]];
            root = self.0[root];
        }
        root
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        self.0[a.max(b)] = a.min(b);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Quiet;

    fn like(picture: u32, dhash: u64, embedding: Option<&[f32]>) -> Likeness<'_> {
        Likeness { picture, dhash: Some(dhash), embedding }
    }

    #[test]
    fn few_different_bits_join_and_sets_grow_through_others() {
        let pictures =
            [like(3, 0, None), like(5, 0b11_1111, None), like(6, 0b1111_1111_1111, None), like(9, u64::MAX, None)];
        let found = near(&pictures, &[], &[], &Quiet).unwrap();
        assert_eq!(found, [NearDuplicates { pictures: vec![3, 5, 6], similarity: None }]);
        assert!(
            near(&pictures[..2], &[vec![3, 5]], &[], &Quiet).unwrap().is_empty(),
            "the same pixels are not almost the same"
        );
    }

    #[test]
    fn embeddings_join_what_is_much_nearer_than_pictures_usually_are() {
        let at = |degrees: f64| [libm::cos(degrees.to_radians()) as f32, libm::sin(degrees.to_radians()) as f32];
        let angles = [0.0, 2.0, 40.0, 60.0, 80.0, 100.0];
        let vectors: Vec<[f32; 2]> = angles.into_iter().map(at).collect();
        let hash = |place: usize| 0xff_u64 << (8 * place);
        let pictures: Vec<Likeness<'_>> =
            vectors.iter().zip(0..).map(|(vector, place)| like(place as u32, hash(place), Some(vector))).collect();
        let found = near(&pictures, &[], &[], &Quiet).unwrap();
        assert_eq!((found.len(), &found[0].pictures[..]), (1, &[0, 1][..]));
        assert!(found[0].similarity.unwrap() > 0.999);
        // Where all are near, nearness says nothing.
        let vectors: Vec<[f32; 2]> = (0..6).map(|i| at(2.0 * f64::from(i))).collect();
        let pictures: Vec<Likeness<'_>> =
            vectors.iter().zip(0..).map(|(vector, place)| like(place as u32, hash(place), Some(vector))).collect();
        assert!(near(&pictures, &[], &[], &Quiet).unwrap().is_empty());
    }
}
