//! Label issues in regression, cleanlab's `regression`.
