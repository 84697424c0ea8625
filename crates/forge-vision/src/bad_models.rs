//! Models that cannot be used: each is refused with a sentence that names what is wrong, and none brings the program down.

use proptest::prelude::*;
use prost::Message;
use tract_onnx::pb::tensor_shape_proto::Dimension;
use tract_onnx::pb::tensor_shape_proto::dimension::Value as Length;
use tract_onnx::pb::{
    AttributeProto, GraphProto, ModelProto, NodeProto, OperatorSetIdProto, TensorProto, TensorShapeProto, TypeProto,
    ValueInfoProto, attribute_proto, type_proto,
};

use crate::{DecodeLimits, Detector, Fit, ModelDescription, Photo, Place, Segmenter, decode};

const YOLOX: &[u8] = include_bytes!("../../../data/models/yolox_nano.onnx");
const FLOAT: i32 = 1;
const INT64: i32 = 7;

/// A small detector that is no good at it: 32 × 32 pixels to 1 × 16 × 7, by a convolution with a stride of 8.
fn tiny() -> ModelProto {
    let node = |op: &str, input: &[&str], output: &str, attribute: Vec<AttributeProto>| NodeProto {
        op_type: op.to_owned(),
        name: format!("{op}_node"),
        input: input.iter().map(|&name| name.to_owned()).collect(),
        output: vec![output.to_owned()],
        attribute,
        ..NodeProto::default()
    };
    let ints = |name: &str, ints: &[i64]| AttributeProto {
        name: name.to_owned(),
        r#type: attribute_proto::AttributeType::Ints as i32,
        ints: ints.to_vec(),
        ..AttributeProto::default()
    };
    let weights = (0..7 * 3 * 8 * 8).map(|i| ((i * 37 % 101) as f32 - 50.0) * 1e-5).collect();
    let graph = GraphProto {
        name: "tiny".to_owned(),
        input: vec![value("image", &[1, 3, 32, 32])],
        output: vec![value("boxes", &[])],
        initializer: vec![
            TensorProto {
                name: "weights".to_owned(),
                dims: vec![7, 3, 8, 8],
                data_type: FLOAT,
                float_data: weights,
                ..TensorProto::default()
            },
            TensorProto {
                name: "rows".to_owned(),
                dims: vec![3],
                data_type: INT64,
                raw_data: [1_i64, 7, 16].iter().flat_map(|length| length.to_le_bytes()).collect(),
                ..TensorProto::default()
            },
        ],
        node: vec![
            node(
                "Conv",
                &["image", "weights"],
                "features",
                vec![ints("strides", &[8, 8]), ints("kernel_shape", &[8, 8])],
            ),
            node("Sigmoid", &["features"], "levels", vec![]),
            node("Reshape", &["levels", "rows"], "flat", vec![]),
            node("Transpose", &["flat"], "boxes", vec![ints("perm", &[0, 2, 1])]),
        ],
        ..GraphProto::default()
    };
    ModelProto {
        ir_version: 7,
        opset_import: vec![OperatorSetIdProto { domain: String::new(), version: 11 }],
        graph: Some(graph),
        ..ModelProto::default()
    }
}

/// An input or output; without a shape for no lengths.
fn value(name: &str, lengths: &[i64]) -> ValueInfoProto {
    let dim = |&length: &i64| Dimension { value: Some(Length::DimValue(length)), ..Dimension::default() };
    let shape = (!lengths.is_empty()).then(|| TensorShapeProto { dim: lengths.iter().map(dim).collect() });
    let tensor = type_proto::Value::TensorType(type_proto::Tensor { elem_type: FLOAT, shape });
    let r#type = Some(TypeProto { value: Some(tensor), ..TypeProto::default() });
    ValueInfoProto { name: name.to_owned(), r#type, ..ValueInfoProto::default() }
}

fn described() -> ModelDescription {
    let mut description = ModelDescription::yolox_nano();
    "tiny".clone_into(&mut description.name);
    description.input.fit = Fit::Letterbox { width: 32, height: 32, place: Place::TopLeft, fill: 114.0 };
    description.head = crate::Head::Yolox { strides: vec![8] };
    description.classes = vec!["a".to_owned(), "b".to_owned()];
    description.embedding = Some("features".to_owned());
    description
}

fn photo() -> Photo {
    Photo::new(40, 20, (0..40 * 20 * 3).map(|i| (i * 7) as u8).collect()).unwrap()
}

/// What loading says, or running if that says nothing.
fn attempt(bytes: &[u8], description: &ModelDescription) -> Result<(), String> {
    let detector = Detector::load(bytes, description).map_err(|error| error.to_string())?;
    detector.detect_with_embedding(&photo(), 0.1).map(|_| ()).map_err(|error| error.to_string())
}

fn changed(change: impl FnOnce(&mut GraphProto)) -> Vec<u8> {
    let mut model = tiny();
    change(model.graph.as_mut().unwrap());
    model.encode_to_vec()
}

fn assert_refused(bytes: &[u8], description: &ModelDescription, parts: &[&str]) {
    let message = attempt(bytes, description).unwrap_err();
    assert!(parts.iter().all(|part| message.contains(part)), "{message}");
}

#[test]
fn the_small_model_of_these_tests_runs() {
    let detector = Detector::load(&tiny().encode_to_vec(), &described()).unwrap();
    let (boxes, embedding) = detector.detect_with_embedding(&photo(), 0.2).unwrap();
    assert!(!boxes.is_empty());
    assert_eq!(embedding.len(), 7);
}

#[test]
fn a_file_that_is_no_onnx_model_is_refused_by_name() {
    let png: &[u8] = include_bytes!("../../../tests/data/vision/astronaut.png");
    for bytes in [&b""[..], b"hello", png, &YOLOX[..YOLOX.len() / 2], &[0xFF; 100]] {
        assert_refused(bytes, &described(), &["the model tiny is not an ONNX file"]);
    }
}

#[test]
fn an_unknown_operator_is_named_with_its_node() {
    let bytes = changed(|graph| "RoiAlign".clone_into(&mut graph.node[1].op_type));
    assert_refused(&bytes, &described(), &["operator RoiAlign", "node \"Sigmoid_node\"", "not supported"]);
    let within = changed(|graph| {
        let mut inner = graph.clone();
        "NoSuchThing".clone_into(&mut inner.node[0].op_type);
        graph.node[1].attribute.push(AttributeProto {
            name: "then_branch".to_owned(),
            g: Some(inner),
            ..AttributeProto::default()
        });
    });
    assert_refused(&within, &described(), &["operator NoSuchThing", "node \"Conv_node\""]);
}

#[test]
fn tensors_that_nothing_makes_are_named() {
    let bytes = changed(|graph| "elsewhere".clone_into(&mut graph.output[0].name));
    assert_refused(&bytes, &described(), &["nothing makes its output \"elsewhere\""]);
    let bytes = changed(|graph| "elsewhere".clone_into(&mut graph.node[1].input[0]));
    assert_refused(&bytes, &described(), &["nothing makes \"elsewhere\"", "Sigmoid_node"]);
    assert_refused(&changed(|graph| graph.output.clear()), &described(), &["no output"]);
}

#[test]
fn shapes_that_do_not_fit_the_description_are_named() {
    let tiny = tiny().encode_to_vec();
    let refused = |change: &dyn Fn(&mut ModelDescription), parts: &[&str]| {
        let mut description = described();
        change(&mut description);
        assert_refused(&tiny, &description, parts);
    };
    refused(&|d| d.classes.push("c".to_owned()), &["output 0", "[1, 16, 7]", "[1, 16, 8]"]);
    refused(&|d| d.input.fit = Fit::Stretch { width: 64, height: 32 }, &["the shape of the input", "[1, 3, 32, 64]"]);
    refused(&|d| d.input.layout = crate::Layout::Nhwc, &["the shape of the input", "[1, 32, 32, 3]"]);
    refused(&|d| d.embedding = Some("nose".to_owned()), &["tensor \"nose\"", "absent"]);
    refused(&|d| d.embedding = Some("flat".to_owned()), &["tensor \"flat\"", "[1, 7, 16]"]);
    refused(&|d| d.head = crate::Head::Picodet { strides: vec![8], bins: 8 }, &["number of outputs is 1", "2"]);
    refused(&|d| d.head = crate::Head::Bodypix { threshold: 0.5 }, &["head.type", "bodypix"]);
    let two = changed(|graph| graph.input.push(value("mask", &[1, 3, 32, 32])));
    assert_refused(&two, &described(), &["number of inputs is 2", "1"]);
    let bytes = changed(|graph| graph.initializer[0].dims = vec![3, 7, 8, 8]);
    assert_refused(&bytes, &described(), &["the model tiny cannot be prepared for pictures of 32 × 32", "Conv_node"]);
}

#[test]
fn a_segmenter_wants_a_mask_that_covers_the_picture() {
    let tiny = tiny().encode_to_vec();
    let mut description = described();
    let message = |description: &ModelDescription| Segmenter::load(&tiny, description).unwrap_err().to_string();
    assert!(message(&description).contains("head.type"));
    description.head = crate::Head::Bodypix { threshold: 0.5 };
    description.embedding = None;
    assert!(message(&description).contains("input.fit.type is letterbox"));
    description.input.fit = Fit::Stretch { width: 32, height: 32 };
    assert!(message(&description).contains("shape of the output is [1, 16, 7]"));
}

#[test]
fn a_damaged_model_of_real_size_gives_a_result_or_an_error() {
    let picture = include_bytes!("../../../tests/data/vision/astronaut.png");
    let photo = decode("astronaut.png", picture, &DecodeLimits::default()).unwrap();
    for seed in 0..6_usize {
        let mut bytes = YOLOX.to_vec();
        let n = bytes.len();
        for step in 0..20 {
            // Names and attributes lie at both ends, weights between them.
            let at = (seed * 7919 + step * 104_729) % 60_000;
            bytes[if step % 2 == 0 { at } else { n - 1 - at }] ^= 1 << (step % 8);
        }
        if let Ok(detector) = Detector::load(&bytes, &ModelDescription::yolox_nano()) {
            let _ = detector.detect(&photo, 0.3);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn damaged_models_give_a_result_or_an_error(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        end in prop::option::weighted(0.2, any::<prop::sample::Index>()),
    ) {
        let mut bytes = tiny().encode_to_vec();
        let n = bytes.len();
        // The weights in the middle are most of the file and the least of it to get wrong.
        let weights = 120..(n - 420);
        for (at, byte) in changes {
            let at = at.index(n - weights.len());
            bytes[if at < weights.start { at } else { at + weights.len() }] = byte;
        }
        if let Some(end) = end {
            bytes.truncate(end.index(n));
        }
        let _ = attempt(&bytes, &described());
    }
}
