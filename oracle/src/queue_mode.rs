//! `queue_mode bio`: the feature by which a multipath target of today is bio-based. It goes into
//! every table of a scenario in bio mode, and comes out of what the kernel prints.
use dm_sim::scenario::Mode;

/// The features of a multipath target with `queue_mode bio` among them; what is no list of
/// features stays as it is, for the kernel to refuse.
pub(crate) fn with_bio_mode(arguments: &[String]) -> Vec<String> {
    let count = arguments.first().and_then(|count| count.parse::<usize>().ok());
    let Some(count) = count.filter(|count| *count < arguments.len()) else {
        return arguments.to_vec();
    };
    let (features, rest) = arguments.split_at(count + 1);
    let mode = ["queue_mode", "bio"].map(str::to_owned);
    [&[(count + 2).to_string()], &features[1..], &mode, rest].concat()
}

/// Takes `queue_mode bio` out of what a multipath target prints of its features, where it was put
/// in (`Mode::Bio`), and trims what a target prints behind its last word.
pub(crate) fn without_queue_mode(text: &str, mode: Mode) -> String {
    let words: Vec<&str> = text.split(' ').collect();
    let is_bio_table = mode == Mode::Bio && words.get(2) == Some(&"multipath");
    let place = words.windows(2).position(|pair| pair == ["queue_mode", "bio"]);
    let count = words.get(3).and_then(|count| count.parse::<usize>().ok());
    let (Some(place), Some(count), true) = (place, count, is_bio_table) else {
        return text.trim_end().to_owned();
    };
    let count = count.saturating_sub(2).to_string();
    let rest = words[4..place].iter().chain(&words[place + 2..]).copied();
    let words: Vec<&str> = words[..3].iter().copied().chain([count.as_str()]).chain(rest).collect();
    words.join(" ").trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_list_of_features_stays_as_it_is() {
        let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        let arguments = words("1 queue_if_no_path 0 1 1");
        let with = words("3 queue_if_no_path queue_mode bio 0 1 1");
        assert_eq!(with_bio_mode(&arguments), with);
        for wrong in ["", "x", "7 queue_if_no_path", "-1 a"] {
            assert_eq!(with_bio_mode(&words(wrong)), words(wrong), "{wrong}");
        }
    }

    #[test]
    fn queue_mode_is_taken_out_where_it_was_put_in() {
        let table =
            "0 8 multipath 3 queue_if_no_path queue_mode bio 0 1 1 round-robin 0 1 1 8:0 1 ";
        let without = "0 8 multipath 1 queue_if_no_path 0 1 1 round-robin 0 1 1 8:0 1";
        assert_eq!(without_queue_mode(table, Mode::Bio), without);
        assert_eq!(without_queue_mode(table, Mode::Rq), table.trim_end());
        assert_eq!(without_queue_mode("0 8 linear 8:0 0", Mode::Bio), "0 8 linear 8:0 0");
    }
}
