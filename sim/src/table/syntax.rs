//! What dmsetup and `dm_split_args` make of the text of a table line before a target sees it.
//!
//! Source: `_parse_line` of dmsetup (LVM2 2.02), `dm_split_args` of `dm-table.c` in 2.6.24.
use super::number::{is_space, scan_c_u64};

/// What dmsetup hands to the kernel for one line. Offsets count characters of the line.
#[derive(Debug)]
pub(super) struct Row<'a> {
    pub(super) begin: u64,
    pub(super) begin_at: u32,
    pub(super) len: u64,
    pub(super) len_at: u32,
    pub(super) kind: &'a str,
    pub(super) kind_at: u32,
    pub(super) params: &'a str,
    pub(super) params_at: u32,
}

/// What dmsetup makes of a line: nothing of an empty one and of a comment.
///
/// # Errors
/// The offset at which the line stops being START LENGTH TYPE.
pub(super) fn dmsetup_line(line: &str) -> Result<Option<Row<'_>>, u32> {
    let trimmed = line.trim_end_matches(is_space);
    let at = |rest: &str| (trimmed.chars().count() - rest.chars().count()) as u32;
    let start = trimmed.trim_start_matches(is_space);
    if start.is_empty() || start.starts_with('#') {
        return Ok(None);
    }
    let begin_at = at(start);
    let (begin, rest) = scan_c_u64(start).ok_or(begin_at)?;
    let rest = rest.trim_start_matches(is_space);
    let len_at = at(rest);
    let (len, rest) = scan_c_u64(rest).ok_or(len_at)?;
    let rest = rest.trim_start_matches(is_space);
    let kind_at = at(rest);
    let end = rest.find(is_space).unwrap_or(rest.len());
    let (kind, rest) = rest.split_at(end);
    if kind.is_empty() {
        return Err(kind_at);
    }
    let params = rest.trim_start_matches(is_space);
    let params_at = at(params);
    let params = params.split('#').next().unwrap_or_default();
    Ok(Some(Row { begin, begin_at, len, len_at, kind, kind_at, params, params_at }))
}

/// The arguments of a target, each with the offset of its first character. A backslash takes the
/// meaning of the character behind it away; one at the very end stands for itself.
pub(super) fn split_args(params: &str) -> Vec<(String, u32)> {
    let mut args = Vec::new();
    let mut characters = (0_u32..).zip(params.chars()).peekable();
    while let Some(&(offset, first)) = characters.peek() {
        if is_space(first) {
            characters.next();
            continue;
        }
        let mut arg = String::new();
        while let Some((_, character)) = characters.next_if(|(_, next)| !is_space(*next)) {
            let quoted = if character == '\\' { characters.next() } else { None };
            arg.push(quoted.map_or(character, |(_, quoted)| quoted));
        }
        args.push((arg, offset));
    }
    args
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backslash_keeps_a_space_inside_an_argument() {
        let args = split_args(r" a\ b  c\\d e\");
        let texts: Vec<(&str, u32)> = args.iter().map(|(arg, at)| (arg.as_str(), *at)).collect();
        assert_eq!(texts, [("a b", 1), (r"c\d", 7), (r"e\", 12)]);
    }

    #[test]
    fn dmsetup_needs_no_space_between_numbers_and_type() {
        let row = dmsetup_line("0 2048linear /dev/sda 0").unwrap().unwrap();
        assert_eq!((row.begin, row.len, row.kind), (0, 2048, "linear"));
        assert_eq!((row.params, row.params_at), ("/dev/sda 0", 13));
    }

    #[test]
    fn dmsetup_skips_empty_lines_and_comments() {
        assert!(dmsetup_line("  ").unwrap().is_none());
        assert!(dmsetup_line("  # 0 1 zero").unwrap().is_none());
        assert_eq!(dmsetup_line("0 1 zero # nothing").unwrap().unwrap().params, "");
    }

    #[test]
    fn dmsetup_says_where_a_line_goes_wrong() {
        assert_eq!(dmsetup_line("x").unwrap_err(), 0);
        assert_eq!(dmsetup_line("0 x").unwrap_err(), 2);
        assert_eq!(dmsetup_line("0 12 ").unwrap_err(), 4);
    }
}
