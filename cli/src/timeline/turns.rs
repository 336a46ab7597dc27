//! Rows drawn together: what one process does until another one moves.
use super::{Row, change};

/// The rows with each process's turn drawn together into one; a row for which `is_alone` holds
/// stays by itself. A turn ends where something can be observed.
pub(crate) fn turns(rows: &[Row], is_alone: impl Fn(&Row) -> bool) -> Vec<Row> {
    let mut turns: Vec<Row> = Vec::new();
    let mut is_open = false;
    for row in rows {
        let may_join = row.label.is_some() && !is_alone(row);
        match turns.last_mut() {
            Some(turn) if is_open && may_join && turn.process == row.process => append(turn, row),
            _ => turns.push(first(row)),
        }
        is_open = may_join && row.observed.is_empty();
    }
    turns
}

/// The rows drawn together into one that tells their common effect, under the first one's name.
///
/// # Panics
/// When there is none.
pub(super) fn folded(rows: &[Row]) -> Row {
    let mut all = rows[0].clone();
    for row in &rows[1..] {
        change::joined(&mut all.changes, &row.changes);
        all.observed.extend(row.observed.iter().cloned());
    }
    all.does = vec![format!("({} steps)", rows.len())];
    all
}

/// A turn has its labels where a row has its function.
fn first(row: &Row) -> Row {
    let mut turn = row.clone();
    if let Some(label) = turn.label.take() {
        turn.what = label;
    }
    turn
}

fn append(turn: &mut Row, row: &Row) {
    if let Some(label) = &row.label {
        turn.what.push(' ');
        turn.what.push_str(label);
    }
    turn.does.extend(row.does.iter().cloned());
    change::joined(&mut turn.changes, &row.changes);
    turn.observed.extend(row.observed.iter().cloned());
}
