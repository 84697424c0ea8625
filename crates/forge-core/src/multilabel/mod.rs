//! Label issues where a row has any number of classes, cleanlab's `multilabel_classification`.
