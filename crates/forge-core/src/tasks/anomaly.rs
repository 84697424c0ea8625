//! Anomaly detection on a table, as a task among the others.

use forge_learn::Host;

use super::task::{TaskData, TaskReport};
use crate::CoreError;
use crate::anomaly::AnomalySettings;

/// Runs the task.
pub(super) fn run(_config: &AnomalySettings, _data: TaskData<'_>, _host: &dyn Host) -> Result<TaskReport, CoreError> {
    Err(CoreError::Unusable(String::new()))
}
