//! What each check is, for people who have not met it: printed by `forge explain`.

use super::IssueType;

impl IssueType {
    /// What people call it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Null => "Empty rows",
            Self::Label => "Label issues",
            Self::Outlier => "Outliers",
            Self::NearDuplicate => "Near duplicates",
            Self::NonIid => "Order matters",
            Self::ClassImbalance => "Class imbalance",
            Self::UnderperformingGroup => "Underperforming group",
            Self::DataValuation => "Harmful rows",
        }
    }

    /// What is looked for, when a row is flagged, what its score means, and the settings with their defaults.
    pub fn explanation(self) -> &'static str {
        match self {
            Self::Null => {
                "Rows in which every feature is missing.

A row is flagged when none of its features has a value. Its score is the share of its features that have one; the
score of the data set is the mean of the rows'.

Needs: features. Settings: none.
What to do: leave such rows out; they cannot be told apart."
            }
            Self::Label => {
                "Labels that are likely wrong.

Classes: a model that never saw the row gives each class a probability. Confident learning counts how often a
label is given where another class is confidently predicted, estimates how many labels are wrong between each
two classes, and flags that many of the rows that are least sure (Northcutt, Jiang and Chuang, 2021). The score is
the probability of the given label; the score of the data set is the estimated share of right labels.

Numbers: the score compares the row with all others by its value and its distance from the prediction. A row is
flagged below threshold [0.05] times the median score. Without predictions, a model is fitted to the features, its
own uncertainty is taken into account, and the share of wrong values is searched for.

Sets of classes: each class is judged on its own; the scores of a row's classes are averaged with most weight on
the lowest [exponential moving average, 0.8].

Needs: labels, and predictions or features.
Settings (classes): k [10] neighbours where only features are given, clean_learning_kwargs, thresholds,
noise_matrix. Settings (numbers): threshold [0.05], method [outre]. Settings (sets): filter_by, frac_noise,
num_to_remove_per_class, min_examples_per_class, method, adjust_pred_probs, aggregator_kwargs.
What to do: read the rows from the worst score on; correct the label, keep it, or leave the row out."
            }
            Self::Outlier => {
                "Rows unlike all others.

A row is flagged when its mean distance to its k nearest neighbours is beyond Q3 + (1/threshold − 1) · IQR of all
rows' mean distances. The score is exp(−t · distance / median distance). Without features, rows are scored by how
unsure the predictions are and flagged below threshold times the median score.

Needs: features, or labels and predictions.
Settings: k [10], t [1], metric [cosine beyond 3 columns; an audit of a table measures euclidean distances on
standardised columns], scaling_factor [the median distance], threshold [0.37037; by predictions 0.13].
What to do: look for errors of entry or measurement; a real but rare case is worth keeping."
            }
            Self::NearDuplicate => {
                "Rows that are almost or exactly the same.

A row is flagged when a neighbour is closer than threshold times the median distance between nearest neighbours,
or has it among its own such neighbours. The score is 1 − exp(−distance / median distance): 0 for a copy.

Needs: features. Settings: metric, threshold [0.13], k [10].
What to do: keep one of each set, above all where copies fall into both training and test data."
            }
            Self::NonIid => {
                "Rows whose order says something about them: drift, blocks, sorted files.

In the file, near neighbours should be no nearer to each other than any two rows. The distances in the file between
neighbours are compared with all by a Kolmogorov–Smirnov statistic, and that with its values when the rows are
shuffled num_permutations times. The p-value is the score of the data set. Below significance_threshold it is an
issue of the whole data set; the one row that is flagged shows where it is strongest.

Needs: features, or predictions.
Settings: metric, k [10], num_permutations [25], seed [0], significance_threshold [0.05].
What to do: shuffle before splitting, or split by time if the order is one of time."
            }
            Self::ClassImbalance => {
                "A class with far fewer rows than an even share.

The rows of the rarest class are flagged when its share is below threshold divided by the number of classes. Their
score is that share; all other rows have 1.

Needs: class labels. Settings: threshold [0.1].
What to do: collect more such rows, weight the classes, or measure by a metric that is fair to rare classes."
            }
            Self::UnderperformingGroup => {
                "A cluster of similar rows whose labels are predicted badly.

Rows are clustered by DBSCAN on the graph of neighbours. A cluster's score is the mean probability of its given
labels over the mean of all clusters. The worst cluster is flagged when its score is below threshold.

Needs: class labels, predictions, and features or groups.
Settings: metric, threshold [0.1], k [10], clustering_kwargs [eps 0.5, min_samples 5; an audit of a table takes the
median distance to the 4th neighbour as eps], min_cluster_samples [5], cluster_ids.
What to do: look at what the rows have in common; a feature may be missing, or their labels wrong."
            }
            Self::DataValuation => {
                "Rows that harm a nearest-neighbour classifier.

The Shapley value of a row for classifying the others by their k nearest neighbours (Jia et al., 2019), moved to
[0, 1]. A row below threshold does more harm than good.

Needs: one label per row, and features. Not run unless asked for.
Settings: metric, k [10], threshold [0.5].
What to do: check the labels of harmful rows first; leave out what stays harmful."
            }
        }
    }
}
