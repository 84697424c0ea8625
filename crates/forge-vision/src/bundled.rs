//! The models that are known by name, with what feeds them. Their files lie in `data/models`, but for PicoDet, which is
//! read from a file of the user's.

use crate::description::{Channels, Fit, Head, InputDescription, Layout, ModelDescription, Place};

impl ModelDescription {
    /// YOLOX-Nano at 416 × 416 with the 80 classes of COCO (Megvii, Apache-2.0): `yolox_nano.onnx`.
    pub fn yolox_nano() -> Self {
        Self {
            name: "yolox_nano".to_owned(),
            input: InputDescription {
                layout: Layout::Nchw,
                channels: Channels::Bgr,
                mean: [0.0; 3],
                std: [1.0; 3],
                fit: Fit::Letterbox { width: 416, height: 416, place: Place::TopLeft, fill: 114.0 },
            },
            head: Head::Yolox { strides: vec![8, 16, 32] },
            classes: coco_classes(),
            nms_iou: 0.45,
            embedding: Some("input.359".to_owned()),
        }
    }

    /// PicoDet-S at 320 × 320 with the 80 classes of COCO (PaddleDetection, Apache-2.0): `picodet_s_320.onnx`.
    pub fn picodet_s_320() -> Self {
        Self {
            name: "picodet_s_320".to_owned(),
            input: InputDescription {
                layout: Layout::Nchw,
                channels: Channels::Bgr,
                mean: [103.53, 116.28, 123.675],
                std: [57.375, 57.12, 58.395],
                fit: Fit::Letterbox { width: 320, height: 320, place: Place::Center, fill: 0.0 },
            },
            head: Head::Picodet { strides: vec![8, 16, 32, 64], bins: 8 },
            classes: coco_classes(),
            nms_iou: 0.45,
            embedding: None,
        }
    }

    /// BodyPix on MobileNet with an output stride of 16 (Google, Apache-2.0): `bodypix_s16.onnx`.
    pub fn bodypix_s16() -> Self {
        Self {
            name: "bodypix_s16".to_owned(),
            input: InputDescription {
                layout: Layout::Nhwc,
                channels: Channels::Rgb,
                mean: [127.5; 3],
                std: [127.5; 3],
                fit: Fit::LongSide { long_side: 513, multiple: 16 },
            },
            head: Head::Bodypix { threshold: 0.6 },
            classes: vec!["person".to_owned()],
            nms_iou: 0.45,
            embedding: None,
        }
    }
}

fn coco_classes() -> Vec<String> {
    COCO.iter().map(|&name| name.to_owned()).collect()
}

/// The classes of COCO, in the order of their numbers.
const COCO: [&str; 80] = [
    "person",
    "bicycle",
    "car",
    "motorcycle",
    "airplane",
    "bus",
    "train",
    "truck",
    "boat",
    "traffic light",
    "fire hydrant",
    "stop sign",
    "parking meter",
    "bench",
    "bird",
    "cat",
    "dog",
    "horse",
    "sheep",
    "cow",
    "elephant",
    "bear",
    "zebra",
    "giraffe",
    "backpack",
    "umbrella",
    "handbag",
    "tie",
    "suitcase",
    "frisbee",
    "skis",
    "snowboard",
    "sports ball",
    "kite",
    "baseball bat",
    "baseball glove",
    "skateboard",
    "surfboard",
    "tennis racket",
    "bottle",
    "wine glass",
    "cup",
    "fork",
    "knife",
    "spoon",
    "bowl",
    "banana",
    "apple",
    "sandwich",
    "orange",
    "broccoli",
    "carrot",
    "hot dog",
    "pizza",
    "donut",
    "cake",
    "chair",
    "couch",
    "potted plant",
    "bed",
    "dining table",
    "toilet",
    "tv",
    "laptop",
    "mouse",
    "remote",
    "keyboard",
    "cell phone",
    "microwave",
    "oven",
    "toaster",
    "sink",
    "refrigerator",
    "book",
    "clock",
    "vase",
    "scissors",
    "teddy bear",
    "hair drier",
    "toothbrush",
];
