//! What never happened in any of the searches: a rule about it was not tried.
use dm_properties::fired::{Fired, labels};

use super::{Arguments, Checked};
use crate::exit::Failure;
use crate::output::{Output, counted};

/// What happened in any of the searches.
pub(super) fn fired(checked: &[Checked]) -> Fired {
    let mut fired = Fired::default();
    for done in checked {
        fired.merge(&done.report.fired);
    }
    fired
}

/// How much never happened, and what if that was asked for.
pub(super) fn lines(
    arguments: &Arguments,
    output: &mut Output<'_>,
    checked: &[Checked],
) -> Result<(), Failure> {
    let fired = fired(checked);
    let (of_labels, of_actions) =
        (fired.labels_that_never_fired(), fired.actions_that_never_fired());
    let hint = if arguments.never { "" } else { " (--never names them)" };
    output.line(format_args!(
        "never fired: {} of {} and {}{hint}",
        of_labels.len(),
        counted(labels().count() as u64, "label"),
        counted(of_actions.len() as u64, "kind") + " of action",
    ))?;
    if arguments.never {
        output.paragraph("labels:  ", &of_labels.join(" "))?;
        output.paragraph("actions: ", &of_actions.join(", "))?;
    }
    Ok(())
}
