//! Label issues in semantic segmentation, cleanlab's `segmentation`.
