//! The difference between two texts, line by line.

/// A line, and which of two texts has it there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Side<'a> {
    /// The first alone.
    First(&'a str),
    /// The second alone.
    Second(&'a str),
    /// Both.
    Both(&'a str),
}

/// The lines of both texts, in their order.
pub(crate) fn sides<'a>(first: &'a [String], second: &'a [String]) -> Vec<Side<'a>> {
    let common = common_lengths(first, second);
    let (mut i, mut j) = (0, 0);
    let mut sides = Vec::new();
    while i < first.len() || j < second.len() {
        if i < first.len() && j < second.len() && first[i] == second[j] {
            sides.push(Side::Both(&first[i]));
            (i, j) = (i + 1, j + 1);
        } else if j == second.len() || (i < first.len() && common[i + 1][j] >= common[i][j + 1]) {
            sides.push(Side::First(&first[i]));
            i += 1;
        } else {
            sides.push(Side::Second(&second[j]));
            j += 1;
        }
    }
    sides
}

/// The same as text: `- ` before a line of the first alone, `+ ` before one of the second alone.
pub(crate) fn lines(first: &[String], second: &[String]) -> Vec<String> {
    let text = |side: &Side<'_>| match side {
        Side::First(line) => format!("- {line}"),
        Side::Second(line) => format!("+ {line}"),
        Side::Both(line) => format!("  {line}"),
    };
    sides(first, second).iter().map(text).collect()
}

/// How many lines the texts have in common from line `i` of one and `j` of the other on.
fn common_lengths(first: &[String], second: &[String]) -> Vec<Vec<usize>> {
    let mut common = vec![vec![0; second.len() + 1]; first.len() + 1];
    for i in (0..first.len()).rev() {
        for j in (0..second.len()).rev() {
            common[i][j] = if first[i] == second[j] {
                common[i + 1][j + 1] + 1
            } else {
                common[i + 1][j].max(common[i][j + 1])
            };
        }
    }
    common
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_line_is_shown_twice_and_the_others_once() {
        let text = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>();
        let diff = lines(&text(&["a", "b", "c"]), &text(&["a", "x", "c", "d"]));
        assert_eq!(diff, ["  a", "- b", "+ x", "  c", "+ d"]);
        assert!(lines(&[], &[]).is_empty());
    }
}
