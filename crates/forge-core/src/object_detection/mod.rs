//! Label issues in object detection, cleanlab's `object_detection`.
