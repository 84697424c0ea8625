//! The value of each row for a nearest-neighbour model, cleanlab's `data_valuation`.
