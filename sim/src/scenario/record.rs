//! A scenario file with what a real kernel printed: the rest of its text stays as it is.
use super::Mode;
use super::kernel::{apart, is_version, rule};
use super::lex::{is_rule, is_space};

/// The text of a scenario with one block for each of `outputs`, at its end, in place of all
/// blocks of exactly these kernels and this mode. Everything else stays as it is.
///
/// A reason stays above the output that it was written for. Where that is not among `outputs`
/// and was the only one, the reason goes to the first of them: it may still hold.
///
/// # Panics
/// When `kernels` are no versions that a block can have, when an output begins with `#`, as only
/// a reason does, or when one of its lines would begin another block.
pub fn with_recorded(text: &str, kernels: &[String], mode: Mode, outputs: &[String]) -> String {
    let are_versions = !kernels.is_empty() && kernels.iter().all(|it| is_version(it));
    assert!(are_versions, "no block is of these kernels: {kernels:?}");
    let rule = rule(kernels, mode);
    let (mut all, removed) = without(text, &rule);
    for output in outputs {
        let is_output = !output.starts_with('#') && !output.lines().any(is_rule);
        assert!(is_output, "no kernel prints this into a scenario: {output}");
        end_line(&mut all);
        push_lines(&mut all, &rule);
        push_lines(&mut all, reason(output, outputs, &removed));
        push_lines(&mut all, output);
    }
    all
}

/// The text without the blocks below this rule, and what stood in them.
fn without(text: &str, rule: &str) -> (String, Vec<String>) {
    let mut rest = String::new();
    let mut removed: Vec<String> = Vec::new();
    let mut in_removed = false;
    for line in text.split_inclusive('\n') {
        let content = line.trim_end_matches(['\n', '\r']);
        if is_rule(content) {
            let words = content.split(is_space).filter(|word| !word.is_empty());
            in_removed = words.eq(rule.split(' '));
            if in_removed {
                removed.push(String::new());
                continue;
            }
        }
        match removed.last_mut().filter(|_| in_removed) {
            Some(block) => block.push_str(line),
            None => rest.push_str(line),
        }
    }
    (rest, removed)
}

/// The lines of the reason that stand above an output from now on.
fn reason<'a>(output: &String, outputs: &[String], removed: &'a [String]) -> &'a str {
    let is_of = |block: &str, output: &str| apart(block).1.lines().eq(output.lines());
    let with_reason = removed.iter().map(|block| apart(block).0).zip(removed);
    let mut same = with_reason.filter(|(reason, block)| !reason.is_empty() && is_of(block, output));
    if let Some((reason, _)) = same.next() {
        return reason;
    }
    match removed {
        [only] if !outputs.iter().any(|it| is_of(only, it)) && outputs.first() == Some(output) => {
            apart(only).0
        }
        _ => "",
    }
}

/// Lines that are added end in a line feed, whatever the last one of them ended in.
fn push_lines(text: &mut String, lines: &str) {
    lines.lines().for_each(|line| text.extend([line, "\n"]));
}

fn end_line(text: &mut String) {
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
}
