//! What can be said of an ONNX file before the runtime sees it: whether it is one, and whether the runtime knows its
//! operators. Here a message can still name the operator and the node, and what would make the runtime give up without a
//! word is refused.

use std::collections::HashSet;

use tract_onnx::Onnx;
use tract_onnx::pb::{GraphProto, ModelProto, ValueInfoProto};
use tract_onnx::prelude::*;

use crate::VisionError;
use crate::runtime::guarded;

/// Bytes of a model at most.
const MAX_BYTES: usize = 512 << 20;

/// Reads an ONNX file as `model`, with the tensor `extra` as one more output, and checks it.
pub(crate) fn parse(model: &str, bytes: &[u8], extra: Option<&str>) -> Result<InferenceModel, VisionError> {
    let not_onnx = |reason| VisionError::NotOnnx { model: model.to_owned(), reason };
    if bytes.len() > MAX_BYTES {
        return Err(not_onnx(format!("it has {} bytes, above the limit of {MAX_BYTES}", bytes.len())));
    }
    let onnx = tract_onnx::onnx().with_ignore_value_info(true);
    let mut bytes = bytes;
    let mut proto = guarded(|| onnx.proto_model_for_read(&mut bytes)).map_err(not_onnx)?;
    let graph = proto.graph.as_ref().ok_or_else(|| not_onnx("it has no graph".to_owned()))?;
    check_operators(model, &onnx, graph)?;
    let made = check_names(graph).map_err(not_onnx)?;
    if let Some(extra) = extra {
        if !made.contains(extra) {
            return Err(VisionError::Mismatch {
                model: model.to_owned(),
                what: format!("the tensor \"{extra}\" for the embedding"),
                found: "absent".to_owned(),
                expected: "a tensor of this name".to_owned(),
            });
        }
        add_output(&mut proto, extra);
    }
    guarded(|| onnx.model_for_proto_model(&proto)).map_err(not_onnx)
}

/// Refuses operators that the runtime does not know, in the graph and in those within its nodes.
fn check_operators(model: &str, onnx: &Onnx, graph: &GraphProto) -> Result<(), VisionError> {
    let mut graphs = vec![graph];
    while let Some(graph) = graphs.pop() {
        for node in &graph.node {
            if !onnx.op_register.0.contains_key(&node.op_type) {
                let named = if node.name.is_empty() { node.output.first() } else { Some(&node.name) };
                return Err(VisionError::UnsupportedOperator {
                    model: model.to_owned(),
                    operator: node.op_type.clone(),
                    node: named.cloned().unwrap_or_default(),
                });
            }
            graphs.extend(node.attribute.iter().flat_map(|attribute| attribute.g.iter().chain(&attribute.graphs)));
        }
    }
    Ok(())
}

/// Refuses tensors that are used or given out and that nothing makes; returns the names of all tensors.
fn check_names(graph: &GraphProto) -> Result<HashSet<&str>, String> {
    let inputs = graph.input.iter().map(|input| input.name.as_str());
    let constants = graph.initializer.iter().map(|constant| constant.name.as_str());
    let made = graph.node.iter().flat_map(|node| node.output.iter().map(String::as_str));
    let known: HashSet<&str> = inputs.chain(constants).chain(made).filter(|name| !name.is_empty()).collect();
    if graph.output.is_empty() {
        return Err("it has no output".to_owned());
    }
    let outputs = graph.output.iter().map(|output| output.name.as_str());
    if let Some(missing) = { outputs }.find(|name| !known.contains(name)) {
        return Err(format!("nothing makes its output \"{missing}\""));
    }
    for node in &graph.node {
        if let Some(missing) = node.input.iter().find(|name| !name.is_empty() && !known.contains(name.as_str())) {
            return Err(format!("nothing makes \"{missing}\", an input of the node \"{}\"", node.name));
        }
    }
    Ok(known)
}

fn add_output(proto: &mut ModelProto, name: &str) {
    if let Some(graph) = &mut proto.graph
        && graph.output.iter().all(|output| output.name != name)
    {
        graph.output.push(ValueInfoProto { name: name.to_owned(), ..ValueInfoProto::default() });
    }
}
